"""Steps that lose clicks although the plan and the state are right."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.contract.state import State
from linkproof.engine.changes import Change
from linkproof.engine.guard.previewed import MANY, judge_preview
from linkproof.engine.state import read_state

from tests.engine_state.deployed import (
    NET,
    at_aws,
    at_edge,
    declared,
    distribution,
    link,
    resource,
    route53,
    said,
    state,
)

RECORD, DISTRIBUTION = "aws:route53/record:Record", "aws:cloudfront/distribution:Distribution"


def change(op: str, name: str = f"{NET}/CNAME", rtype: str = RECORD, **more: Any) -> Change:
    return Change(op, f"urn:pulumi:test::linkproof::{rtype}::{name}", rtype, name, **more)


def rules(found: list[Change], deployed: State, phase: str = "live", **more: Any) -> list[tuple[str, str]]:
    document = more.pop("document", {})
    return [(one.rule, one.host) for one in judge_preview(found, document, deployed, declared(link(phase)), **more)]


def live() -> State:
    return state(*at_aws("live"), links=said("live"))


@pytest.mark.parametrize("op", ["delete", "replace"])
def test_what_is_protected_is_not_taken_away(op: str) -> None:
    assert rules([change(op, "x", protect=True)], live()) == [("preview.protected", "x")]
    assert rules([change("update", "x", protect=True)], live()) == []


@pytest.mark.parametrize(("name", "rtype"), [(f"{NET}/CNAME", RECORD), (NET, DISTRIBUTION)])
def test_what_clicks_are_led_through_is_not_replaced(name: str, rtype: str) -> None:
    wanted = [change("replace", name, rtype, keys=("name",))]
    assert rules(wanted, live()) == [("preview.in-use", name)]
    at_sender = rules(wanted, state(*at_aws("ready"), links=said("ready")), "ready")
    assert at_sender == ([("preview.in-use", name)] if rtype == RECORD else []), (
        "clicks go to the sender by the same record"
    )
    assert rules([change("update", name, rtype)], live()) == []


def test_a_certificate_is_replaced_and_an_edge_that_clicks_have_left_goes() -> None:
    certificate = change("replace", NET, "aws:acm/certificate:Certificate")
    left = state(route53(NET), distribution(NET), links=said("ready"))
    assert rules([change("delete", NET, DISTRIBUTION)], left, "branded") == []
    assert rules([certificate], left, "ready") == []


@pytest.mark.parametrize(("changed", "refused"), [(3, False), (4, True)])
def test_more_than_thirty_in_a_hundred_records_need_a_word(changed: int, refused: bool) -> None:
    hosts = [f"h{number}.example.net" for number in range(10)]
    deployed = state(*(route53(host) for host in hosts))
    found = [change("update", f"{host}/CNAME") for host in hosts[:changed]]
    assert rules(found, deployed, "branded") == ([(MANY, "test")] if refused else [])
    assert rules(found, deployed, "branded", allowed=frozenset({MANY})) == []
    few = state(*(route53(host) for host in hosts[:9]))
    assert rules(found, few, "branded") == []
    made = [change("create", f"new{number}/CNAME") for number in range(20)]
    assert rules(made, deployed, "branded") == [], "what is new takes nothing from anybody"


@pytest.mark.parametrize("ordered", ["dependencies", "propertyDependencies", "through another", ""])
def test_a_record_goes_before_what_it_leads_to(ordered: str) -> None:
    edge = distribution(NET)
    record = route53(NET, at_edge(NET))
    between = resource("linkproof:x:Y", "between", dependencies=[edge["urn"]])
    match ordered:
        case "dependencies":
            record["dependencies"] = [edge["urn"]]
        case "propertyDependencies":
            record["propertyDependencies"] = {"records": [edge["urn"]]}
        case "through another":
            record["dependencies"] = [between["urn"]]
    document = {"deployment": {"resources": [edge, between, record]}}
    found = [change("delete"), change("delete", NET, DISTRIBUTION)]
    wanted = [] if ordered else [f"{NET}/CNAME"]
    assert unordered(found, document) == wanted
    assert unordered(found[:1], document) == []


def unordered(found: list[Change], document: dict[str, Any]) -> list[str]:
    said_of = rules(found, read_state(document), "branded", document=document)
    return [host for rule, host in said_of if rule == "preview.unordered"]


def test_a_record_is_not_led_to_somebody_elses_edge() -> None:
    found = [
        change("update", inputs={"name": NET, "type": "CNAME", "records": ["dstranger.cloudfront.net"], "ttl": 300})
    ]
    deployed = state(*at_aws("ready"), links=said("ready"))
    assert rules(found, deployed) == [("preview.not-ours", f"{NET}/CNAME")]
    own = [change("update", inputs={"name": NET, "type": "CNAME", "records": [at_edge(NET)], "ttl": 300})]
    assert rules(own, deployed) == []
    back = [change("update", inputs={"name": NET, "type": "CNAME", "records": ["sendgrid.net"], "ttl": 300})]
    assert rules(back, deployed, "ready") == []
