"""A link that lives on for mail already sent, until the day that the declaration names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from linkproof.plan.build import build
from linkproof.plan.render import render

from tests.engine_state.deployed import NET, NOW, at_aws, declared, judge, link, said, state

DAY = (NOW + timedelta(days=30)).date()
THE_DAY = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)
NEW = "two: {sender: ses, region: eu-west-1, click_host: click.example.net, phase: branded}"


def old(phase: str, day: object = DAY, **changes: str) -> str:
    return link(phase, **changes).replace("phase:", f"successor: {{link: two, until: {day}}}, phase:")


def at(phase: str, **more: Any) -> Any:
    kept = {"successor": "two", "kept_until": str(DAY)}
    return state(*at_aws(phase), links={"one": said(phase)["one"] | kept | more})


def rules(*links: str, phase: str, now: datetime = NOW) -> list[str]:
    return [one.rule for one in judge(declared(*links), at(phase), now)]


@pytest.mark.parametrize("phase", ["branded", "ready", "live", "secured"])
def test_it_does_not_leave_before_its_day_and_the_day_is_said(phase: str) -> None:
    (found,) = judge(declared(NEW), at(phase), NOW)
    assert (found.rule, found.host, found.until) == ("move.kept-until", NET, THE_DAY)
    assert f"must work until {DAY}" in found.message
    after = [] if phase == "branded" else ["phase.leaves-in-use"]
    assert rules(NEW, phase=phase, now=THE_DAY) == after


def test_the_edge_that_answers_its_https_links_stays_as_long() -> None:
    assert rules(old("live"), NEW, phase="secured") == []
    assert rules(old("ready"), NEW, phase="live") == ["move.kept-until"]
    assert rules(old("ready"), NEW, phase="live", now=THE_DAY) == []
    assert rules(old("live"), NEW, phase="ready") == []
    assert rules(old("branded"), NEW, phase="ready") == [], "its edge was never in use"


def test_the_day_that_was_deployed_counts_where_the_file_says_none_and_another_day_is_a_decision() -> None:
    assert rules(link("ready"), NEW, phase="live") == ["move.kept-until"]
    assert rules(link("live"), NEW, phase="live") == [], "saying nothing more of it is a deployment of its own"
    assert rules(old("ready", NOW.date()), NEW, phase="live") == []


def test_a_state_that_says_it_otherwise_keeps_nothing() -> None:
    assert judge(declared(NEW), at("branded", kept_until="some day"), NOW) == []


def test_plan_says_until_when_it_is_kept_and_then_in_which_order_it_may_go() -> None:
    declaration = declared(old("secured"), NEW)
    plan = build(declaration)
    assert f"kept         until {DAY} for mail already sent; new mail has two (click.example.net)" in render(
        declaration, plan, today=NOW.date()
    )
    said = render(declaration, plan, today=DAY)
    assert (
        "it may go: deploy live → ready → branded one at a time, then `linkproof retire one`, and take it out" in said
    )
    assert "kept" not in render(declared(link("secured")), build(declared(link("secured"))))
