"""Edges that clicks are about to be led to: which are asked about, and what of an answer refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.state import State
from linkproof.engine.guard import Proof, arrivals, judge_arrivals
from linkproof.engine.guard.deployed import deployed_links
from linkproof.engine.probe import FILE, Proofs

from tests.engine_state.deployed import COM, NET, NOW, at_aws, at_cf, declared, distribution, link, ruleset, said, state

T = "2026-11-22T10:00:00Z"
PASSING = Proof("cloudfront", NET, T, NOW)


def arriving(deployed: State, phase: str = "live", host: str = NET, edge: str = "aws") -> list[str]:
    declaration = declared(link(phase, host, edge))
    return list(arrivals(deployed_links(declaration, deployed), declaration, deployed))


def refused(proof: Proof) -> list[Any]:
    declaration, deployed = declared(link("live")), state(*at_aws("ready"), links=said("ready"))
    found = arrivals(deployed_links(declaration, deployed), declaration, deployed)

    def prove(keys: Sequence[str]) -> dict[str, Proof]:
        assert keys == ["one"]
        return {"one": proof}

    return list(judge_arrivals(found, deployed, prove))


def test_a_step_to_live_is_asked_about_and_one_that_is_there_already_is_not() -> None:
    assert arriving(state(*at_aws("ready"), links=said("ready"))) == ["one"]
    assert arriving(state(*at_cf("ready"), links=said("ready", COM, "cf", "cloudflare")), host=COM, edge="cf") == [
        "one"
    ]
    for phase in ("live", "secured"):
        assert arriving(state(*at_aws(phase), links=said(phase)), phase) == []
    assert arriving(state(*at_aws("live"), links=said("live")), "secured") == []


@pytest.mark.parametrize("phase", ["branded", "ready"])
def test_where_clicks_stay_at_the_sender_nobody_is_asked(phase: str) -> None:
    assert arriving(state(*at_aws("ready"), links=said("ready")), phase) == []


def test_a_link_that_was_never_deployed_may_begin_anywhere() -> None:
    assert arriving(state()) == []


def test_an_interrupted_step_is_asked_about_again() -> None:
    record = at_aws("live")[0] | {"outputs": {"name": NET, "type": "CNAME", "records": ["sendgrid.net"], "ttl": 300}}
    assert arriving(state(record, distribution(NET), links=said("ready"))) == ["one"]


def test_another_edge_in_use_is_asked_about() -> None:
    standing = said("live", COM, "cf", "cloudflare")
    standing["one"] |= {"standby": "aws", "standby_provider": "cloudfront"}
    both = state(*at_cf("live"), ruleset(COM), distribution(COM), links=standing)
    assert arriving(both, host=COM, edge="aws") == ["one"]
    assert arriving(both, host=COM, edge="cf") == []


def test_what_is_wrong_refuses_with_the_command_that_asks_again() -> None:
    assert refused(PASSING) == []
    assert refused(Proof("cloudfront", NET, T, NOW, unseen=("nobody answers yet",))) == []
    (refusal,) = refused(Proof("cloudfront", NET, T, NOW, wrong=("tls.name: another",)))
    assert (refusal.rule, refusal.host) == ("phase.unproven", NET)
    assert "tls.name: another" in refusal.message
    assert "linkproof probe one -s test" in refusal.fix


@pytest.mark.parametrize(
    ("proof", "passes"),
    [
        (PASSING, True),
        (replace(PASSING, at=NOW - timedelta(minutes=60)), True),
        (replace(PASSING, at=NOW - timedelta(minutes=61)), False),
        (replace(PASSING, at=NOW + timedelta(seconds=1)), False),
        (replace(PASSING, edge="cloudflare"), False),
        (replace(PASSING, host=COM), False),
        (replace(PASSING, deployed_at="2026-11-22T10:00:01Z"), False),
        (replace(PASSING, wrong=("x",)), False),
        (replace(PASSING, wrong=("x",), is_whole=True), True),
    ],
)
def test_a_proof_stands_for_this_hour_edge_host_and_deployment(proof: Proof, passes: bool) -> None:
    """And a fault that somebody asked for in full is not forgotten by asking for less."""
    assert proof.stands("cloudfront", NET, T, NOW) is passes


def test_proofs_are_kept_beside_each_other_and_what_is_torn_is_asked_again(tmp_path: Path) -> None:
    proofs = Proofs(tmp_path / "dev")
    assert proofs.read() == {}
    proofs.keep({"one": PASSING})
    other = Proof("cloudflare", COM, T, NOW, ("wrong",), ("unseen",), is_whole=True)
    proofs.keep({"two": other})
    assert proofs.read() == {"one": PASSING, "two": other}
    file = tmp_path / "dev" / FILE
    for torn in ("{", '{"version": 2}', '{"version": 1, "links": {"one": {}}}', file.read_text().replace("+00:00", "")):
        file.write_text(torn)
        assert proofs.read() == {}, torn
