"""Click records that lead to an edge for longer than a mistake may last."""

from __future__ import annotations

import pytest

from tests.engine_state.deployed import COM, NOW, at_aws, at_cf, declared, judge, link, said, state


def rules(phase: str, before: str, ttl: int) -> list[tuple[str, str]]:
    wanted = declared(link(phase).replace("phase:", f"ttl_seconds: {ttl}, phase:"))
    return [(one.rule, one.fix) for one in judge(wanted, state(*at_aws(before), links=said(before)), NOW)]


@pytest.mark.parametrize(("ttl", "refused"), [(300, False), (3600, False), (3601, True), (86400, True)])
def test_an_hour_at_most_where_clicks_arrive(ttl: int, refused: bool) -> None:
    found = rules("live", "ready", ttl)
    assert [rule for rule, _ in found] == (["move.ttl-too-long"] if refused else [])
    assert all("linkproof advance one --lower-ttl -s test" in fix for _, fix in found)


@pytest.mark.parametrize(
    ("phase", "before"), [("ready", "branded"), ("live", "live"), ("secured", "live"), ("ready", "live")]
)
def test_where_no_click_arrives_anew_it_may_be_longer(phase: str, before: str) -> None:
    assert rules(phase, before, 86400) == []


def test_a_proxy_answers_with_a_ttl_of_its_own() -> None:
    wanted = declared(link("live", COM, "cf").replace("phase:", "ttl_seconds: 86400, phase:"))
    deployed = state(*at_cf("ready"), links=said("ready", COM, "cf", "cloudflare"))
    assert judge(wanted, deployed, NOW) == []
