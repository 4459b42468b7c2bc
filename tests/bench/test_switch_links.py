"""What the bench of switches declares can be deployed, each way; and what it leaves out is refused."""

from __future__ import annotations

import pytest
import yaml
from linkproof.declaration.load import load_text

from bench.switch_links import begun, declared, host, pairs


def problems(document: object) -> set[str]:
    found = load_text(yaml.safe_dump({"version": 1, "lab": True, **document}, sort_keys=False), "t.yaml").problems  # type: ignore[dict-item]
    return {one.rule for one in found if one.severity == "error"}


def test_every_two_edges_of_the_lab_change_places_and_the_sender_s_own_with_each_that_it_can() -> None:
    wanted = pairs()
    assert len(wanted) == len(set(map(frozenset, wanted))) == 20
    assert {name for pair in wanted for name in pair} == {
        "cloudfront",
        "cloudflare",
        "fastly",
        "gcp",
        "azure",
        "keycdn",
        "managed",
    }
    assert ("managed", "cloudflare") not in wanted


@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize("standby", [False, True])
def test_each_way_is_a_valid_declaration(moved: bool, standby: bool) -> None:
    assert problems(declared(pairs(), moved=moved, standby=standby)) == set()
    assert problems(begun(pairs())) == set()


def test_the_sender_s_own_beside_cloudflare_s_proxy_or_fastly_s_subscription_is_refused() -> None:
    assert problems(declared([*pairs(), ("managed", "cloudflare")], moved=True)) >= {"link.own-https"}
    without = declared(pairs(), moved=False)
    without["edges"]["fastly"].pop("certificates")
    assert problems(without) == {"edge.challenge-taken"}


def test_each_pair_has_a_host_of_its_own() -> None:
    assert len(set(map(host, pairs()))) == len(pairs())
