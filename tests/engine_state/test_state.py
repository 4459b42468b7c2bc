"""What is read from an exported state, and what it says of a link."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.contract.state import Resource
from linkproof.engine.phase import edge_in_state, hosts_in_state, phase_in_state, phases_in_state
from linkproof.engine.state import read_state, record_sides, record_values

from tests.engine_state.deployed import (
    COM,
    NET,
    at_aws,
    at_cf,
    at_edge,
    cloudflare,
    distribution,
    resource,
    route53,
    ruleset,
    said,
    state,
)


def longest_ttl_seconds(record: Resource) -> int | None:
    return max((side.ttl_seconds for side in record_sides(record) if side.ttl_seconds is not None), default=None)


# reading ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "document", [{}, {"deployment": None}, {"deployment": {}}, {"deployment": {"resources": None}}]
)
def test_a_stack_that_was_never_deployed_has_an_empty_state(document: dict[str, Any]) -> None:
    found = read_state(document)
    assert (found.resources, found.outputs, found.pending) == ((), {}, ())


def test_a_resource_on_its_way_out_is_not_there() -> None:
    """A replaced object keeps its URN and is marked until it is deleted: its successor is the one that counts."""
    old = distribution(NET) | {"delete": True, "id": "E1OLD"}
    found = read_state({"deployment": {"resources": [old, distribution(NET)]}})
    assert [r.id for r in found.resources] == [f"id-of-{NET}"]


def test_pending_operations_and_the_stack_s_outputs_are_kept() -> None:
    stack = resource("pulumi:pulumi:Stack", "linkproof-test", outputs={"links": said("live")})
    operation = {"type": "creating", "resource": route53(NET)}
    found = read_state({"deployment": {"resources": [stack], "pending_operations": [operation]}})
    assert found.outputs == {"links": said("live")}
    assert found.pending == (operation,)


def test_the_account_is_the_provider_instance_s() -> None:
    deployed = state(distribution(NET, "cdn"), route53(NET))
    assert [r.account for r in deployed.resources if r.type.startswith("aws:")] == ["cdn", "default"]
    assert (
        read_state({"deployment": {"resources": [{"urn": "urn:a::b::c::d", "type": "c"}]}}).resources[0].account is None
    )


@pytest.mark.parametrize(("raw", "values", "ttl"), [
    (route53(NET, "sendgrid.net", 60), ("sendgrid.net.",), 60),
    (route53(NET, "sendgrid.net."), ("sendgrid.net.",), 300),
    (route53(NET) | {"inputs": {"records": ["04da6b54-80e4-46f7-96ec-b56ff0331ba9", None]}}, ("04da6b54-80e4-46f7-96ec-b56ff0331ba9.",), None),
    (cloudflare(COM), ("sendgrid.net.",), 300),
    (cloudflare(COM, proxied=True), ("sendgrid.net.",), 300),
    (cloudflare(COM) | {"inputs": {}}, (), None),
])  # fmt: skip
def test_values_and_ttl_of_a_record(raw: dict[str, Any], values: tuple[str, ...], ttl: int) -> None:
    (found,) = read_state({"deployment": {"resources": [raw]}}).resources
    assert (record_values(found), longest_ttl_seconds(found)) == (values, ttl)


# phases -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("phase", "expected"), [("branded", "branded"), ("ready", "ready"), ("live", "live"), ("secured", "live")]
)
def test_the_phase_of_a_finished_deployment(phase: str, expected: str) -> None:
    assert phase_in_state(state(*at_aws(phase)), NET) == expected
    assert phase_in_state(state(*at_cf(phase)), COM) == expected


@pytest.mark.parametrize(("resources", "expected"), [
    ([], None),
    ([distribution(NET)], "ready"),  # its record was not reached
    ([ruleset(NET)], None),
    ([route53(NET), ruleset("xurl1.example.net")], "branded"),  # another host's rule
    ([route53(NET, "d999.cloudfront.net")], "live"),  # its distribution is gone from the state, not from DNS
    ([route53(NET, at_edge(NET)), distribution(NET) | {"outputs": {}}], "live"),  # not read back yet
    ([route53(NET, "d1.cloudfront.test"), distribution(NET) | {"outputs": {"domainName": "d1.cloudfront.test"}}], "live"),
])  # fmt: skip
def test_the_phase_of_an_unfinished_deployment(resources: list[Any], expected: str | None) -> None:
    assert phase_in_state(state(*resources), NET) == expected


def test_the_edge_is_named_by_what_it_is() -> None:
    assert edge_in_state(state(*at_aws("ready")), NET) == ("cloudfront", "default")
    assert edge_in_state(state(route53(NET), distribution(NET, "cdn")), NET) == ("cloudfront", "cdn")
    assert edge_in_state(state(*at_cf("ready")), COM) == ("cloudflare", None)
    assert edge_in_state(state(cloudflare(COM, proxied=True)), COM) == ("cloudflare", None)
    assert edge_in_state(state(route53(NET)), NET) is None


def test_only_hosts_with_an_edge_are_listed() -> None:
    deployed = state(
        *at_aws("ready"), *at_cf("live"), route53("1234567.example.net"), route53("url9.example.net", at_edge("x"))
    )
    assert sorted(set(hosts_in_state(deployed))) == [COM, NET, "url9.example.net"]


@pytest.mark.parametrize(("made", "inputs", "outputs", "values", "ttl"), [
    (route53, {"records": ["sendgrid.net"], "ttl": 60}, {"records": [at_edge(NET)], "ttl": 86_400}, ("sendgrid.net.", f"{at_edge(NET)}."), 86_400),
    (cloudflare, {"content": "a.test", "ttl": 600}, {"content": "a.test", "ttl": 1}, ("a.test.",), 600),
    (cloudflare, {}, {"content": "a.test", "ttl": 60}, ("a.test.",), 60),
])  # fmt: skip
def test_inputs_and_outputs_of_a_record_both_count(made: Any, inputs: Any, outputs: Any, values: Any, ttl: int) -> None:
    """An update whose end failed leaves the old inputs beside the new outputs."""
    (found,) = read_state({"deployment": {"resources": [made(NET) | {"inputs": inputs, "outputs": outputs}]}}).resources  # fmt: skip
    assert (record_values(found), longest_ttl_seconds(found)) == (values, ttl)


def test_what_waits_to_be_made_again_is_not_there() -> None:
    """A replacement that deleted first and then failed: id, inputs and outputs are kept, the object is gone."""
    gone = route53(NET) | {"pendingReplacement": True}
    found = read_state({"deployment": {"resources": [gone], "manifest": {"time": "2026-11-22T10:00:00Z"}}})
    assert (found.record(f"{NET}/CNAME"), [r.name for r in found.leaving]) == (None, [f"{NET}/CNAME"])
    assert found.written_at == "2026-11-22T10:00:00Z"
    assert phase_in_state(found, NET) is None


def test_a_link_is_as_far_as_the_further_side_of_its_record() -> None:
    for inputs, outputs in (("sendgrid.net", at_edge(NET)), (at_edge(NET), "sendgrid.net")):
        deployed = state(route53(NET, inputs) | {"outputs": {"records": [outputs]}}, distribution(NET))
        assert phases_in_state(deployed, NET) == {"ready", "live"}
        assert phase_in_state(deployed, NET) == "live"
