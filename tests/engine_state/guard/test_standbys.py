"""From one edge to another: the two change places, and the one of before goes once the last answer that leads to it has died."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.contract.state import State
from linkproof.declaration.model import Declaration
from linkproof.engine.guard.asking import Answer

from tests.engine_state.deployed import (
    COM,
    JUST_AFTER,
    NET,
    NOW,
    T0,
    T1,
    at_aws,
    at_edge,
    cloudflare,
    declared,
    distribution,
    judge,
    judge_asking,
    link,
    remembered,
    route53,
    ruleset,
    said,
    state,
)

BOTH = [distribution(COM), ruleset(COM)]


def exported(phase: str, edge: str, standby: str, host: str = COM) -> dict[str, Any]:
    providers = {"aws": "cloudfront", "cf": "cloudflare", "managed": "managed"}
    one = said(phase, host, edge, providers[edge])["one"]
    own = {"own_https": True} if "managed" in (edge, standby) else {}
    return {"one": {**one, "standby": standby, "standby_provider": providers[standby], **own}}


def at(edge: str, **record: Any) -> dict[str, Any]:
    """The click record where this edge is in use."""
    ttl = record.pop("ttl", 300)
    made = cloudflare(COM, at_edge(COM), **record) if edge == "aws" else cloudflare(COM, proxied=True, **record)
    if edge == "aws":
        made["inputs"]["ttl"] = ttl
    return made


def wanted(edge: str, phase: str = "secured", host: str = COM) -> Declaration:
    return declared(link(phase, host, edge))


def rules(declaration: Declaration, deployed: State, now: Any = NOW) -> list[str]:
    return [refusal.rule for refusal in judge(declaration, deployed, now)]


@pytest.mark.parametrize("phase", ["ready", "live", "secured"])
def test_a_second_edge_is_made_beside_the_first(phase: str) -> None:
    deployed = state(
        *at_aws(phase, COM)[1:], at("aws") if phase != "ready" else cloudflare(COM), links=said(phase, COM)
    )
    assert rules(wanted("aws, standby: cf", phase), deployed) == []


@pytest.mark.parametrize(("one", "other"), [("aws", "cf"), ("cf", "aws")])
@pytest.mark.parametrize("phase", ["live", "secured"])
def test_the_two_change_places_in_one_deployment_and_back(one: str, other: str, phase: str) -> None:
    deployed = state(at(one), *BOTH, links=exported(phase, one, other))
    assert rules(wanted(f"{other}, standby: {one}", phase), deployed) == []
    assert rules(wanted(f"{one}, standby: {other}", phase), deployed) == []


@pytest.mark.parametrize("moved", ["aws", "cf"])
def test_an_exchange_that_was_interrupted_goes_on_or_back(moved: str) -> None:
    deployed = state(at(moved), *BOTH, links=exported("secured", "aws", "cf"))
    assert rules(wanted("aws, standby: cf"), deployed) == []
    assert rules(wanted("cf, standby: aws"), deployed) == []


def test_an_edge_that_no_finished_deployment_got_ready_is_not_moved_to() -> None:
    """Its `up` was interrupted: the objects are there, and whether its certificate is nobody has seen."""
    deployed = state(at("aws"), *BOTH, links=said("secured", COM))
    (refusal,) = judge(wanted("cf, standby: aws"), deployed, NOW)
    assert refusal.rule == "phase.edge-changed"
    assert "`edge: aws` and `standby: cf`, deploy, and let `linkproof verify` prove it" in refusal.fix


def test_the_edge_of_before_stays_beside_the_new_one() -> None:
    deployed = state(at("aws"), *BOTH, links=exported("secured", "aws", "cf"))
    (refusal,) = judge(wanted("cf"), deployed, NOW)
    assert refusal.rule == "phase.edge-changed"
    assert "`standby: aws`" in refusal.fix


def test_the_two_do_not_change_places_together_with_a_phase_step() -> None:
    deployed = state(at("aws"), *BOTH, links=exported("live", "aws", "cf"))
    assert rules(wanted("cf, standby: aws", "secured"), deployed) == ["phase.edge-changed"]


@pytest.mark.parametrize(("edge", "standby"), [("cf", "aws"), ("aws", "cf")])
def test_the_one_of_before_goes_only_once_its_last_answer_has_died(edge: str, standby: str) -> None:
    before, after = wanted(f"{standby}, standby: {edge}"), wanted(f"{edge}, standby: {standby}")
    past = remembered((before, T0, T0), (after, T1, T1))
    deployed = state(at(edge, modified=T1), *BOTH, *past, links=exported("secured", edge, standby))
    (refusal,) = judge(wanted(edge), deployed, JUST_AFTER)
    assert refusal.rule == "phase.edge-still-in-use"
    assert refusal.until is not None
    assert refusal.until.isoformat() == "2026-11-22T10:05:30+00:00", "300 s, and 30 s until all servers have followed"
    assert rules(wanted(edge), deployed, NOW) == []


@pytest.mark.parametrize(
    ("edge", "standby", "until"),
    [("aws", "cf", "2026-11-22T10:05:30+00:00"), ("cf", "aws", "2026-11-22T10:01:30+00:00")],
)
def test_a_short_ttl_shortens_the_life_of_no_answer_that_was_proxied(edge: str, standby: str, until: str) -> None:
    """Declared with 60 s throughout; Cloudflare serves what it proxies with 300 s."""

    def short(now: str, beside: str) -> Declaration:
        return wanted(f"{now}, standby: {beside}, ttl_seconds: 60")

    past = remembered((short(standby, edge), T0, T0), (short(edge, standby), T1, T1))
    deployed = state(at(edge, modified=T1, ttl=60), *BOTH, *past, links=exported("secured", edge, standby))
    (refusal,) = judge(wanted(f"{edge}, ttl_seconds: 60"), deployed, JUST_AFTER)
    assert (refusal.rule, refusal.until and refusal.until.isoformat()) == ("phase.edge-still-in-use", until)


def test_an_edge_that_never_was_in_use_goes_at_once() -> None:
    past = remembered((wanted("aws, standby: cf"), T0, T0))
    deployed = state(at("aws"), *BOTH, *past, links=exported("secured", "aws", "cf"))
    assert rules(wanted("aws"), deployed, JUST_AFTER) == []


def test_dns_that_still_leads_to_it_keeps_it() -> None:
    deployed = state(at("cf"), *BOTH, links=exported("secured", "cf", "aws"))
    (refusal,) = judge_asking(
        wanted("cf"),
        deployed,
        NOW,
        lambda asked: {one.host: Answer("at-edge", f"ns1 gives {one.names}") for one in asked},
    )
    assert refusal.rule == "phase.edge-still-served"


def test_both_go_in_branded_once_neither_is_led_to() -> None:
    past = remembered((wanted("cf, standby: aws", "live"), T0, T0), (wanted("cf, standby: aws", "ready"), T1, T1))
    deployed = state(cloudflare(COM, modified=T1), *BOTH, *past, links=exported("ready", "cf", "aws"))
    assert rules(wanted("cf", "branded"), deployed, JUST_AFTER) == ["phase.edge-still-in-use"]
    assert rules(wanted("cf", "branded"), deployed, NOW) == []


def test_rules_that_stand_by_are_not_those_of_a_link_in_use() -> None:
    """The link is live at CloudFront, so its ruleset may go."""
    deployed = state(at("aws"), *BOTH, links=exported("live", "aws", "cf"))
    assert rules(wanted("aws", "live"), deployed) == []


def test_a_standby_of_another_account_waits_until_the_old_one_is_gone() -> None:
    deployed = state(at("cf"), *BOTH, links=exported("secured", "cf", "aws"))
    (refusal,) = judge(wanted("cf, standby: cdn"), deployed, NOW)
    assert refusal.rule == "phase.edge-account"
    assert "remove `standby` first" in refusal.fix
    assert rules(wanted("cdn, standby: cf"), deployed) == ["phase.edge-changed"]


@pytest.mark.parametrize(
    ("record", "now", "then"),
    [("sendgrid", ("managed", "aws"), ("aws", "managed")), ("aws", ("aws", "managed"), ("managed", "aws"))],
)
def test_the_sender_s_own_is_one_of_two(record: str, now: tuple[str, str], then: tuple[str, str]) -> None:
    target = at_edge(NET) if record == "aws" else "click.sendgrid.net"
    deployed = state(route53(NET, target), distribution(NET), links=exported("secured", *now, host=NET))

    def written(edge: str, standby: str) -> Declaration:
        own = ", own_https" if edge != "managed" else ""
        return wanted(f"{edge}{own}, standby: {standby}", host=NET)

    assert rules(written(*now), deployed) == []
    assert rules(written(*then), deployed) == []


def test_the_sender_s_own_is_not_taken_up_as_a_standby_in_use() -> None:
    deployed = state(*at_aws("secured"), links=said("secured"))
    assert rules(wanted("aws, own_https, standby: managed", host=NET), deployed) == ["move.own-https"]
