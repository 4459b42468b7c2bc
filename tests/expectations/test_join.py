"""Plan + state + previous file: what is bound, what is said to be unfinished, and what resolvers may still hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.engine.state import State, read_state
from infra.expectations.derive import derive
from infra.expectations.file import read_previous, write
from infra.expectations.join import join
from infra.expectations.model import load, parse
from infra.plan.build import build
from infra.plan.model import Plan
from tests.engine_state.deployed import cloudflare, distribution, resource, route53, ruleset
from tests.plan.declared import declared, link

NET, COM = "url1.example.net", "url1.example.com"
EDGE = "durl1examplenet.cloudfront.net"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MOVED = "2026-11-22T11:00:00.123456789Z"


def plan(phase: str, host: str = NET, edge: str | None = "aws", key: str = "one", ttl: int | None = None) -> Plan:
    more = f", ttl_seconds: {ttl}" if ttl else ""
    return build(declared(link(key, host, phase, edge, more=more)))


def certificate(host: str) -> dict[str, Any]:
    options = [
        {"domainName": name, "resourceRecordName": f"_x.{name}.", "resourceRecordValue": f"_{name}.acm-validations.aws"}
        for name in ("other.example", host)
    ]
    return resource("aws:acm/certificate:Certificate", host, outputs={"domainValidationOptions": options})


def validation(host: str) -> dict[str, Any]:
    made = route53(host)
    return {**made, "urn": made["urn"].replace("/CNAME", "/validation")}


def deployed(
    of: Plan, *resources: dict[str, Any], pending: list[dict[str, Any]] | None = None, finished: bool = True
) -> State:
    """A state with these resources; `finished` exports what this plan would have."""
    bare = read_state({"deployment": {"resources": list(resources)}})
    from infra.expectations.join import _late

    outputs = {"expectations": derive(of, lambda late: _late(late, bare))} if finished else {}
    stack = resource("pulumi:pulumi:Stack", "linkproof-test", outputs=outputs)
    return read_state({"deployment": {"resources": [stack, *resources], "pending_operations": pending or []}})


OWNER = route53("1234567.example.net")


def at_edge(**record: Any) -> list[dict[str, Any]]:
    return [OWNER, route53(NET, EDGE, **record), distribution(NET), certificate(NET), validation(NET)]


def at_sender(**record: Any) -> list[dict[str, Any]]:
    return [OWNER, route53(NET, **record)]


def joined(of: Plan, state: State, previous: dict[str, Any] | None = None, now: datetime = NOW) -> dict[str, Any]:
    document = join(of, state, previous, stack="test", now=now)
    parse(json.loads(json.dumps(document)))
    return document


def record(document: dict[str, Any], id_: str = "one/click") -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in document["records"] if entry["id"] == id_)
    return found


def before(document: dict[str, Any], id_: str = "one/click") -> dict[str, Any] | None:
    return next((entry for entry in document["previous"] if entry["record"] == id_), None)


# what is late -------------------------------------------------------------------------------------
def test_late_values_are_bound_from_the_state() -> None:
    document = joined(plan("live"), deployed(plan("live"), *at_edge(modified=MOVED)))
    assert record(document)["values"] == [f"{EDGE}."]
    assert record(document, "one/validation")["name"] == f"_x.{NET}."
    assert record(document, "one/validation")["values"] == [f"_{NET}.acm-validations.aws."]
    assert document["pending"] == []
    assert (document["stack"], document["written_at"]) == ("test", "2026-11-22T12:00:00Z")
    assert record(document)["changed_at"] == MOVED


@pytest.mark.parametrize("missing", [[], [distribution(NET) | {"outputs": {}}], [certificate(NET) | {"outputs": {}}]])
def test_what_the_state_lacks_is_pending(missing: list[Any]) -> None:
    document = joined(plan("live"), deployed(plan("live"), OWNER, route53(NET), *missing))
    assert {"one/click", "one/validation"} <= {entry["id"] for entry in document["pending"]}
    assert "one/click" not in {entry["id"] for entry in document["records"]}


def test_a_value_of_another_name_is_not_taken() -> None:
    """The options of a certificate are a set: the first is not this host's."""
    only_other = certificate("other.example")
    only_other["urn"] = only_other["urn"].replace("::other.example", f"::{NET}")
    document = joined(plan("ready"), deployed(plan("ready"), *at_sender(), distribution(NET), only_other))
    assert "one/validation" in {entry["id"] for entry in document["pending"]}


# deployments that did not finish ------------------------------------------------------------------
def deployment(document: dict[str, Any]) -> str:
    return next((entry["reason"] for entry in document["pending"] if entry["id"] == "deployment"), "")


def test_a_stack_that_was_never_deployed_says_so() -> None:
    document = joined(plan("branded"), read_state({}))
    assert "no deployment of this stack has finished" in deployment(document)
    assert document["previous"] == []


def test_an_interrupted_deployment_names_what_it_worked_on() -> None:
    pending = [
        {"type": "creating", "resource": {"urn": f"urn:pulumi:test::linkproof::aws:route53/record:Record::{NET}/CNAME"}}
    ]
    document = joined(plan("branded"), deployed(plan("branded"), *at_sender(), pending=pending))
    assert f"{NET}/CNAME: run `linkproof recover test`" in deployment(document)


def test_a_deployment_that_left_a_record_out_names_it() -> None:
    document = joined(plan("branded"), deployed(plan("branded"), OWNER))
    assert f"the engine has not made {NET}/CNAME" in deployment(document)


@pytest.mark.parametrize(
    ("missing", "name"), [("distribution", COM), ("ruleset", "example.com/http_request_cache_settings")]
)
def test_a_deployment_that_left_an_edge_out_names_it(missing: str, name: str) -> None:
    of = plan("ready", COM, "aws" if missing == "distribution" else "cf")
    made = [cloudflare("1234567.example.com"), cloudflare(COM), certificate(COM), ruleset(COM)]
    made += [
        cloudflare(COM) | {"urn": f"urn:pulumi:test::linkproof::cloudflare:index/dnsRecord:DnsRecord::{COM}/validation"}
    ]
    assert name in deployment(joined(of, deployed(of, *made)))


def test_a_declaration_that_was_edited_but_not_deployed_says_so() -> None:
    document = joined(plan("ready"), deployed(plan("live"), *at_edge()))
    assert "exported other values for one/click" in deployment(document)


def test_a_finished_deployment_has_nothing_pending() -> None:
    assert joined(plan("branded"), deployed(plan("branded"), *at_sender()))["pending"] == []
    of = plan("live", COM, "cf")
    made = [cloudflare("1234567.example.com"), cloudflare(COM, proxied=True)]
    made += [
        ruleset(COM),
        ruleset(COM)
        | {
            "urn": "urn:pulumi:test::linkproof::cloudflare:index/ruleset:Ruleset::example.com/http_request_cache_settings"
        },
    ]
    assert joined(of, deployed(of, *made))["pending"] == []


def test_a_manual_zone_needs_nothing_from_the_engine() -> None:
    of = plan("branded", "url1.example.org", None)
    document = joined(of, deployed(of))
    assert document["pending"] == []
    assert record(document)["changed_at"] is None
    assert document["previous"] == []


# what resolvers may still hold --------------------------------------------------------------------
def test_a_new_record_was_absent_before() -> None:
    made = {"created": MOVED, "modified": MOVED}
    document = joined(plan("branded"), deployed(plan("branded"), *at_sender(**made)))
    assert before(document) == {
        "record": "one/click", "values": [], "absent": True, "served": "as-declared",
        "ttl_seconds": 900, "negative_ttl_seconds": 900, "changed_at": MOVED,
    }  # fmt: skip


def test_a_changed_record_has_its_old_value_and_the_ttl_that_was_served() -> None:
    ready = plan("ready", ttl=3600)
    old = joined(ready, deployed(ready, *at_sender(ttl=3600), *at_edge()[2:]))
    new = joined(plan("live", ttl=300), deployed(plan("live", ttl=300), *at_edge(modified=MOVED)), old)
    held = before(new)
    assert held is not None
    assert (held["values"], held["ttl_seconds"], held["absent"], held["changed_at"]) == (
        ["sendgrid.net."],
        3600,
        False,
        MOVED,
    )


def test_what_was_proxied_is_said_with_its_ttl() -> None:
    live, ready = plan("live", COM, "cf"), plan("ready", COM, "cf")
    shared = [cloudflare("1234567.example.com"), ruleset(COM)]
    old = joined(live, deployed(live, *shared, cloudflare(COM, proxied=True)))
    new = joined(ready, deployed(ready, *shared, cloudflare(COM, modified=MOVED)), old)
    held = before(new)
    assert held is not None
    assert (held["served"], held["values"], held["ttl_seconds"], held["negative_ttl_seconds"]) == (
        "proxied",
        ["sendgrid.net."],
        300,
        1800,
    )


def test_an_unchanged_record_keeps_what_was_before_it() -> None:
    ready = plan("ready")
    first = joined(ready, deployed(ready, *at_sender(), *at_edge()[2:]))
    live = deployed(plan("live"), *at_edge(modified=MOVED))
    second = joined(plan("live"), live, first)
    third = joined(plan("live"), live, second, NOW + timedelta(minutes=5))
    assert before(third) == before(second) is not None


def test_a_record_that_did_not_change_has_nothing_before_it() -> None:
    branded = plan("branded")
    first = joined(branded, deployed(branded, *at_sender()), now=NOW)
    assert before(first) is None, "created three weeks ago: nobody can hold its absence"
    assert before(joined(branded, deployed(branded, *at_sender()), first)) is None


def test_what_is_over_is_dropped() -> None:
    ready = plan("ready")
    old = joined(ready, deployed(ready, *at_sender(), *at_edge()[2:]))
    live = deployed(plan("live"), *at_edge(modified=MOVED))
    moved = joined(plan("live"), live, old)
    assert before(joined(plan("live"), live, moved, NOW + timedelta(hours=23))) is not None
    assert before(joined(plan("live"), live, moved, NOW + timedelta(hours=25))) is None


def test_there_and_back_the_last_change_counts() -> None:
    ready, live = plan("ready"), plan("live")
    one = joined(ready, deployed(ready, *at_sender(), *at_edge()[2:]))
    two = joined(live, deployed(live, *at_edge(modified=MOVED)), one)
    back = "2026-11-22T11:30:00Z"
    three = joined(ready, deployed(ready, *at_sender(modified=back), *at_edge()[2:]), two)
    held = before(three)
    assert held is not None
    assert (held["values"], held["changed_at"]) == ([f"{EDGE}."], back)


def test_a_renamed_key_loses_no_history() -> None:
    ready, live = plan("ready"), plan("live")
    one = joined(ready, deployed(ready, *at_sender(), *at_edge()[2:]))
    two = joined(live, deployed(live, *at_edge(modified=MOVED)), one)
    renamed = plan("live", key="renamed")
    held = before(joined(renamed, deployed(renamed, *at_edge(modified=MOVED)), two), "renamed/click")
    assert held is not None
    assert held["values"] == ["sendgrid.net."]


# the file -----------------------------------------------------------------------------------------
def test_the_file_is_replaced_whole_and_read_back(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "expectations.json"
    document = joined(plan("branded"), deployed(plan("branded"), *at_sender()))
    write(file, document)
    write(file, document)
    assert read_previous(file) == document
    assert load(file).stack == "test"
    assert [entry.name for entry in file.parent.iterdir()] == ["expectations.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 2}', "\udcff\udcfe"])
def test_a_file_that_cannot_be_read_costs_the_history_not_the_run(tmp_path: Path, text: str) -> None:
    file = tmp_path / "expectations.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert read_previous(file) is None
    assert read_previous(tmp_path / "absent.json") is None
