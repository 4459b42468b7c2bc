"""A link that moves to another account or endpoint of its sender under the same host."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.contract.declared import PHASES
from linkproof.declaration.load import load_text
from linkproof.declaration.model import Declaration
from linkproof.declaration.past import compare

from tests.engine_state.deployed import NET, NOW, at_edge, distribution, judge, resource, route53, said, state

ZONES = "zones:\n  example.net: {dns: route53, id: Z0EXAMPLE0NET}\nedges: {aws: {provider: cloudfront}}\n"
ACME, OTHER = "acme.et.e.sparkpost.com", "other.et.e.sparkpost.com"


def declared(sender: str, phase: str, edge: str = "aws") -> Declaration:
    senders = f"senders: {{mail: {{provider: sparkpost, {sender}}}}}\n"
    link = f"links: {{one: {{sender: mail, click_host: {NET}, edge: {edge}, phase: {phase}}}}}\n"
    loaded = load_text(f"version: 1\n{ZONES}{senders}{link}", "test.yaml")
    assert loaded.declaration is not None, [str(problem) for problem in loaded.problems]
    return loaded.declaration


def enterprise(target: str) -> str:
    return f"region: enterprise, target: {target}"


def at(target: str, phase: str, **more: Any) -> Any:
    """Deployed by this stack at one tracking endpoint."""
    behind = [distribution(NET, inputs={"origins": [{"domainName": target}]})] if phase != "branded" else []
    record = route53(NET, at_edge(NET) if phase in ("live", "secured") else f"{target}.")
    return state(record, *behind, links={"one": said(phase)["one"] | more})


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize(
    ("old", "new"),
    [(ACME, enterprise(OTHER)), (ACME, "region: us"), ("spgo.io", enterprise(ACME)), ("spgo.io", "region: eu")],
)
def test_another_endpoint_is_another_account_and_changes_only_in_branded(phase: str, old: str, new: str) -> None:
    found = judge(declared(new, phase), at(old, phase), NOW)
    assert [one.rule for one in found] == ([] if phase == "branded" else ["move.sender"])
    own = enterprise(ACME) if old == ACME else "region: us"
    assert judge(declared(own, phase), at(old, phase), NOW) == []


def test_the_message_names_both_endpoints() -> None:
    (found,) = judge(declared(enterprise(OTHER), "live"), at(ACME, "live"), NOW)
    assert f"at {ACME} to the account at {OTHER}" in found.message


def test_an_endpoint_with_a_name_of_its_own_is_known_by_what_the_last_deployment_said() -> None:
    own = "clicks.vendor.example"
    deployed = at(own, "live", sender_endpoint=own)
    assert [one.rule for one in judge(declared(enterprise(OTHER), "live"), deployed, NOW)] == ["move.sender"]
    assert judge(declared(enterprise(own), "live"), deployed, NOW) == []


def test_the_managed_endpoint_tells_its_region() -> None:
    deployed = state(route53(NET, "v2.spgo.io."), links=said("secured", edge="managed", provider=None))
    assert [one.rule for one in judge(declared("region: eu", "secured", "managed"), deployed, NOW)] == ["move.sender"]
    assert judge(declared("region: us", "secured", "managed"), deployed, NOW) == []


@pytest.mark.parametrize("phase", ["branded", "live"])
def test_a_host_is_not_made_in_another_account_while_the_first_has_it(phase: str) -> None:
    """In no phase: the new account's create is refused, in the middle of the deployment."""
    tracking = resource("sparkpost:index:TrackingDomain", f"{NET}/tracking", provider="sparkpost-default")
    records = [route53(NET, at_edge(NET) if phase == "live" else "spgo.io.")]
    behind = [distribution(NET, inputs={"origins": [{"domainName": "spgo.io"}]})] if phase == "live" else []
    deployed = state(tracking, *records, *behind, links=said(phase))
    (found,) = judge(declared("manage: {}, account: other", phase), deployed, NOW)
    assert (found.rule, found.host) == ("move.sender", NET)
    assert "in account default, and account other would make another" in found.message
    assert judge(declared("manage: {}", phase), deployed, NOW) == []


def test_a_change_of_the_endpoint_is_refused_before_a_deployment_too() -> None:
    base, head = (declared(enterprise(target), "live") for target in (ACME, OTHER))
    (problem,) = compare(base, head)
    assert (problem.rule, problem.path) == ("past.account", "senders.mail.target")
    assert compare(*(declared(enterprise(target), "branded") for target in (ACME, OTHER))) == []
