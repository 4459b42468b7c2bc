"""Which steps a deployment may take, for every way in which the last one can have ended."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from linkproof.contract.declared import PHASES

from tests.engine_state.deployed import (
    COM,
    NET,
    NOW,
    ORG,
    at_aws,
    at_cf,
    at_edge,
    cloudflare,
    declared,
    distribution,
    judge,
    link,
    route53,
    ruleset,
    said,
    state,
)

STEPS = list(product(PHASES, PHASES))


def rules(declaration: Any, deployed: Any, now: Any = NOW) -> list[str]:
    return [refusal.rule for refusal in judge(declaration, deployed, now)]


def is_one_step(before: str, after: str) -> bool:
    return abs(PHASES.index(before) - PHASES.index(after)) <= 1


# every step of the phase table --------------------------------------------------------------------
@pytest.mark.parametrize(("before", "after"), STEPS)
def test_single_steps_of_a_cloudfront_link_are_allowed_and_skipped_ones_refused(before: str, after: str) -> None:
    found = rules(declared(link(after)), state(*at_aws(before), links=said(before)))
    assert found == ([] if is_one_step(before, after) else ["phase.skipped"])


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_single_steps_of_a_cloudflare_link_are_allowed_and_skipped_ones_refused(before: str, after: str) -> None:
    deployed = state(*at_cf(before), links=said(before, COM, "cf", "cloudflare"))
    assert rules(declared(link(after, COM, "cf")), deployed) == (
        [] if is_one_step(before, after) else ["phase.skipped"]
    )


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_a_ruleset_of_somebody_else_hides_ready_from_the_state_and_changes_no_step(before: str, after: str) -> None:
    edges = "edges:\n  cf: {provider: cloudflare, rulesets: external}\n"
    record = cloudflare(COM, proxied=before in ("live", "secured"))
    deployed = state(record, links=said(before, COM, "cf", "cloudflare"))
    found = rules(declared(link(after, COM, "cf"), edges=edges), deployed)
    assert found == ([] if is_one_step(before, after) else ["phase.skipped"])


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_a_manual_zone_has_no_record_in_the_state_and_the_same_steps(before: str, after: str) -> None:
    deployed = state(*([] if before == "branded" else [distribution(ORG)]), links=said(before, ORG))
    assert rules(declared(link(after, ORG)), deployed) == ([] if is_one_step(before, after) else ["phase.skipped"])


@pytest.mark.parametrize("phase", PHASES)
def test_a_link_that_was_never_deployed_may_start_in_any_phase(phase: str) -> None:
    assert rules(declared(link(phase)), state()) == []
    assert rules(declared(link(phase)), state(*at_aws("live", "url9.example.net"), links=said("live", "url9.example.net", key="nine"))) == [
        "phase.leaves-in-use"  # of url9 alone
    ]  # fmt: skip


def test_the_refusal_names_the_way() -> None:
    (refusal,) = judge(declared(link("secured")), state(*at_aws("ready"), links=said("ready")), NOW)
    assert str(refusal) == (
        f"{NET}: ready → secured is more than one step; "
        "fix: deploy ready → live → secured one at a time, with `linkproof verify` after each [phase.skipped]"
    )
    assert refusal.to_json()["rule"] == "phase.skipped"


# deployments that failed --------------------------------------------------------------------------
@pytest.mark.parametrize("phase", PHASES)
def test_a_first_up_that_failed_before_the_click_record_may_be_repeated_in_any_phase(phase: str) -> None:
    """The distribution was made, the record was not: nobody can have been led to it."""
    assert rules(declared(link(phase)), state(distribution(NET), links=None)) == []


def test_a_first_up_that_failed_before_the_click_record_may_be_given_up() -> None:
    assert rules(declared(), state(distribution(NET), links=None)) == []


@pytest.mark.parametrize(
    ("after", "allowed"), [("branded", False), ("ready", True), ("live", True), ("secured", False)]
)
def test_an_up_to_live_that_failed_after_the_record_moved_counts_as_both(after: str, allowed: bool) -> None:
    deployed = state(*at_aws("live"), links=said("ready"))
    assert rules(declared(link(after)), deployed) == ([] if allowed else ["phase.skipped"])


@pytest.mark.parametrize(
    ("after", "allowed"), [("branded", False), ("ready", True), ("live", True), ("secured", False)]
)
def test_an_up_back_to_ready_that_failed_after_the_record_moved_counts_as_both(after: str, allowed: bool) -> None:
    deployed = state(*at_aws("ready"), links=said("live"))
    assert rules(declared(link(after)), deployed) == ([] if allowed else ["phase.skipped"])


def test_an_edge_that_outputs_promise_and_the_state_lacks_is_no_edge() -> None:
    deployed = state(*at_aws("branded"), links=said("ready"))
    assert rules(declared(link("live")), deployed) == ["phase.skipped"]
    assert rules(declared(link("ready")), deployed) == []


def test_outputs_of_a_destroyed_stack_hold_nothing_back() -> None:
    assert rules(declared(link("secured")), state(links=said("branded"))) == []


def test_the_same_declaration_after_a_destroy_that_failed_half_way_is_allowed() -> None:
    assert rules(declared(link("secured")), state(distribution(NET), links=said("secured"))) == []


# leaving ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("phase", PHASES)
def test_a_link_leaves_only_from_branded(phase: str) -> None:
    expected = [] if phase == "branded" else ["phase.leaves-in-use"]
    assert rules(declared(), state(*at_aws(phase), links=said(phase))) == expected
    assert rules(declared(), state(*at_cf(phase), links=said(phase, COM, "cf", "cloudflare"))) == expected


def test_a_live_link_in_a_manual_zone_does_not_leave() -> None:
    assert rules(declared(), state(distribution(ORG), links=said("live", ORG))) == ["phase.leaves-in-use"]


@pytest.mark.parametrize(
    "resources", [at_aws("live"), at_cf("live"), at_cf("ready")], ids=["cloudfront", "proxied", "ruleset"]
)
def test_a_link_that_no_output_knows_does_not_leave_in_use(resources: list[Any]) -> None:
    assert rules(declared(), state(*resources, links={})) == ["phase.leaves-in-use"]


def test_owner_and_tracking_hosts_are_no_links() -> None:
    assert (
        rules(
            declared(), state(route53("1234567.example.net"), cloudflare("t.example.com", "cname.karte.io"), links={})
        )
        == []
    )


def test_another_click_host_under_the_same_key_is_a_link_that_leaves() -> None:
    deployed = state(*at_aws("live"), links=said("live"))
    found = judge(declared(link("branded", "url2.example.net")), deployed, NOW)
    assert [(refusal.rule, refusal.host) for refusal in found] == [("phase.leaves-in-use", NET)]


# edges --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("phase", PHASES)
def test_a_renamed_link_and_a_renamed_edge_are_no_change(phase: str) -> None:
    renamed = declared(link(phase, edge="other", key="renamed"), edges="edges:\n  other: {provider: cloudfront}\n")
    assert rules(renamed, state(*at_aws(phase), links=said(phase))) == []


@pytest.mark.parametrize("phase", ["live", "secured"])
def test_another_edge_while_one_is_in_use_is_refused(phase: str) -> None:
    deployed = state(cloudflare(COM, at_edge(COM)), distribution(COM), links=said(phase, COM))
    assert rules(declared(link(phase, COM, "cf")), deployed) == ["phase.edge-changed"]
    assert rules(declared(link(phase, COM, "cdn")), deployed) == ["phase.edge-changed"], "another account"
    assert rules(declared(link(phase, COM, "aws")), deployed) == []


def test_another_provider_under_the_same_key_is_another_edge() -> None:
    deployed = state(cloudflare(COM, at_edge(COM)), distribution(COM), links=said("live", COM))
    edges = "edges:\n  aws: {provider: cloudflare}\n"
    assert rules(declared(link("live", COM, "aws"), edges=edges), deployed) == ["phase.edge-changed"]


def test_the_edge_does_not_change_together_with_the_step_to_live() -> None:
    deployed = state(cloudflare(COM), distribution(COM), links=said("ready", COM))
    assert rules(declared(link("live", COM, "cf")), deployed) == ["phase.edge-changed"]


def test_the_edge_may_leave_the_file_together_with_the_step_to_branded() -> None:
    deployed = state(*at_aws("ready"), links=said("ready"))
    assert rules(declared(link("branded", edge=None)), deployed) == []


# managed ------------------------------------------------------------------------------------------
def test_with_a_managed_edge_branded_and_secured_are_neighbours() -> None:
    for before, after in product(("branded", "secured"), repeat=2):
        deployed = state(route53(NET), links=said(before, edge="managed", provider=None))
        assert rules(declared(link(after, edge="managed")), deployed) == []


AUTO_SSL = "click.sendgrid.net"


@pytest.mark.parametrize("phase", PHASES)
def test_a_managed_edge_in_use_is_left_only_by_way_of_ready(phase: str) -> None:
    deployed = state(route53(NET, AUTO_SSL), links=said("secured", edge="managed", provider=None))
    found = judge(declared(link(phase, edge="aws+")), deployed, NOW)
    assert [refusal.rule for refusal in found] == ([] if phase in ("branded", "ready") else ["phase.edge-changed"])
    assert all("`phase: ready`" in refusal.fix for refusal in found)


def test_from_a_managed_edge_in_branded_no_phase_is_skipped_either() -> None:
    deployed = state(route53(NET, AUTO_SSL), links=said("branded", edge="managed", provider=None))
    assert rules(declared(link("ready", edge="aws+")), deployed) == []
    assert rules(declared(link("live", edge="aws+")), deployed) == ["phase.skipped"]


@pytest.mark.parametrize("after", [link("ready", edge="aws+"), link("secured", edge="managed")], ids=["on", "back"])
def test_an_edge_change_that_was_interrupted_goes_on_or_back(after: str) -> None:
    """The new edge is there, the click host is where it was, and the last finished deployment knows nothing of it."""
    deployed = state(*at_aws("ready"), links=said("secured", edge="managed", provider=None))
    assert rules(declared(after), deployed) == []
    assert rules(declared(link("live", edge="aws+")), deployed) == ["phase.edge-changed"]


def test_an_edge_that_was_got_ready_is_let_go_for_the_sender_s_own_and_one_in_use_is_not() -> None:
    ready = state(*at_aws("ready"), links=said("ready", edge="aws+"))
    assert rules(declared(link("secured", edge="managed")), ready) == []
    for phase in ("live", "secured"):
        in_use = state(*at_aws("live"), links=said(phase, edge="aws+"))
        assert rules(declared(link("secured", edge="managed")), in_use) == ["phase.edge-changed"]
    # the record has come back, and the deployment that was to export it has not finished
    half_way = state(*at_aws("ready"), links=said("live", edge="aws+"))
    assert rules(declared(link("secured", edge="managed")), half_way) == ["phase.edge-changed"]


@pytest.mark.parametrize("exported", [said("live"), {}], ids=["finished", "unfinished"])
def test_a_plain_link_in_use_does_not_become_managed(exported: dict[str, Any]) -> None:
    deployed = state(*at_aws("live"), links=exported)
    expected = "move.own-https" if exported else "phase.edge-changed"
    assert rules(declared(link("secured", edge="managed")), deployed) == [expected]


def test_a_link_that_is_deployed_neither_takes_up_nor_gives_up_auto_ssl() -> None:
    plain = state(route53(NET), links=said("branded", edge=None, provider=None))
    assert rules(declared(link("branded", edge="managed")), plain) == ["move.own-https"]
    own = state(route53(NET, AUTO_SSL), links=said("branded", edge="managed", provider=None))
    assert rules(declared(link("branded", edge=None)), own) == ["move.own-https"]
    assert rules(declared(link("ready")), own) == ["move.own-https"]


def test_a_managed_link_in_use_does_not_leave() -> None:
    deployed = state(route53(NET), links=said("secured", edge="managed", provider=None))
    assert rules(declared(), deployed) == ["phase.leaves-in-use"]


def test_every_link_is_judged() -> None:
    other = "url2.example.net"
    deployed = state(
        *at_aws("branded"), *at_aws("ready", other), ruleset(COM), cloudflare(COM),
        links=said("branded") | said("ready", other, key="two") | said("ready", COM, "cf", "cloudflare", key="three"),
    )  # fmt: skip
    found = judge(
        declared(link("live"), link("secured", other, key="two"), link("live", COM, "cf", key="three")),
        deployed,
        NOW,
    )
    assert [refusal.host for refusal in found] == [NET, other]
