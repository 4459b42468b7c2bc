"""Plan + state: what is bound, what is said to be unfinished, and what resolvers may still hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.state import State
from linkproof.engine.state import read_state
from linkproof.expectations.derive import derive
from linkproof.expectations.file import write
from linkproof.expectations.join import join
from linkproof.expectations.model import load, parse
from linkproof.plan.build import build
from linkproof.plan.model import Plan

from tests.engine_state.deployed import cloudflare, distribution, remembered, resource, route53, ruleset
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
    from linkproof.expectations.join import late_value

    outputs = {"expectations": derive(of, lambda late: late_value(late, bare))} if finished else {}
    stack = resource("pulumi:pulumi:Stack", "linkproof-test", outputs=outputs)
    return read_state({"deployment": {"resources": [stack, *resources], "pending_operations": pending or []}})


OWNER = route53("1234567.example.net")
POLICY = resource("aws:cloudfront/originRequestPolicy:OriginRequestPolicy", "cdn/sendgrid.net/1")


def at_edge(**record: Any) -> list[dict[str, Any]]:
    return [OWNER, route53(NET, EDGE, **record), distribution(NET), certificate(NET), validation(NET), POLICY]


def at_sender(**record: Any) -> list[dict[str, Any]]:
    return [OWNER, route53(NET, **record)]


def joined(of: Plan, state: State, now: datetime = NOW) -> dict[str, Any]:
    document = join(of, state, stack="test", now=now)
    parse(json.loads(json.dumps(document)))
    return document


def record(document: dict[str, Any], id_: str = "one/click") -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in document["records"] if entry["id"] == id_)
    return found


def before(document: dict[str, Any], id_: str = "one/click") -> list[dict[str, Any]]:
    return [entry for entry in document["previous"] if entry["record"] == id_]


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
    document = joined(of, deployed(of, *remembered((of, "2026-10-01T10:00:00Z", "2026-10-01T10:00:00Z"))))
    assert document["pending"] == []
    assert record(document)["changed_at"] is None
    assert document["previous"] == []


# what resolvers may still hold --------------------------------------------------------------------
LONG_AGO = "2026-10-01T10:00:00Z"


def absent(changed_at: str, negative: int = 900) -> dict[str, Any]:
    return {
        "record": "one/click", "values": [], "absent": True, "unknown": False, "served": "as-declared",
        "ttl_seconds": negative, "negative_ttl_seconds": negative, "changed_at": changed_at,
    }  # fmt: skip


def unknown(changed_at: str, negative: int = 900) -> dict[str, Any]:
    return absent(changed_at, negative) | {"absent": False, "unknown": True, "ttl_seconds": 86_400}


def seen(document: dict[str, Any]) -> list[tuple[list[str], int, str]]:
    return [(entry["values"], entry["ttl_seconds"], entry["changed_at"]) for entry in before(document)]


def test_a_new_record_was_absent_before() -> None:
    branded = plan("branded")
    past = remembered((branded, "2026-11-22T10:59:59Z", "2026-11-22T11:00:02Z"))
    made = at_sender(created=MOVED, modified=MOVED)
    assert before(joined(branded, deployed(branded, *made, *past))) == [absent(MOVED)]


def test_a_changed_record_has_its_old_value_and_the_ttl_that_was_served() -> None:
    past = remembered(
        (plan("ready", ttl=3600), LONG_AGO, LONG_AGO),
        (plan("live", ttl=300), "2026-11-22T10:59:59Z", "2026-11-22T11:00:02Z"),
    )
    new = joined(plan("live", ttl=300), deployed(plan("live", ttl=300), *at_edge(modified=MOVED), *past))
    assert seen(new) == [(["sendgrid.net."], 3600, "2026-11-22T11:00:02Z")], "until it was seen to be left"


def test_what_was_proxied_is_said_with_its_ttl() -> None:
    live, ready = plan("live", COM, "cf"), plan("ready", COM, "cf")
    shared = [cloudflare("1234567.example.com"), ruleset(COM)]
    past = remembered((live, LONG_AGO, LONG_AGO), (ready, "2026-11-22T10:59:59Z", "2026-11-22T11:00:02Z"))
    (held,) = before(joined(ready, deployed(ready, *shared, cloudflare(COM, modified=MOVED), *past)))
    assert (held["served"], held["values"], held["ttl_seconds"], held["negative_ttl_seconds"]) == (
        "proxied",
        ["sendgrid.net."],
        300,
        1800,
    )


def test_everything_that_may_still_live_is_said_the_latest_last() -> None:
    """Made, moved to the edge, and back, within an hour."""
    ready, live = plan("ready"), plan("live")
    past = remembered(
        (ready, "2026-11-22T11:00:00Z", "2026-11-22T11:00:02Z"), (live, "2026-11-22T11:10:00Z", "2026-11-22T11:10:02Z"),
        (ready, "2026-11-22T11:30:00Z", "2026-11-22T11:30:02Z"),
    )  # fmt: skip
    made = {"created": "2026-11-22T11:00:01Z", "modified": "2026-11-22T11:30:01Z"}
    document = joined(ready, deployed(ready, *at_sender(**made), *at_edge()[2:], *past))
    assert seen(document) == [
        ([], 900, "2026-11-22T11:00:01Z"),  # its absence
        ([f"{EDGE}."], 300, "2026-11-22T11:30:02Z"),  # the sender's value is today's as well
    ]


def test_a_ttl_that_was_longer_is_said_although_the_value_is_the_same() -> None:
    """Or a resolver that keeps the answer for as long as it was told to would be called one that keeps it too long."""
    past = remembered(
        (plan("ready", ttl=86_400), LONG_AGO, LONG_AGO),
        (plan("ready", ttl=60), "2026-11-22T10:59:59Z", "2026-11-22T11:00:02Z"),
    )
    of = plan("ready", ttl=60)
    document = joined(of, deployed(of, *at_sender(ttl=60, modified=MOVED), *at_edge()[2:], *past))
    assert seen(document) == [(["sendgrid.net."], 86_400, "2026-11-22T11:00:02Z")]
    raised = remembered(
        (plan("ready", ttl=60), LONG_AGO, LONG_AGO),
        (plan("ready", ttl=86_400), "2026-11-22T10:59:59Z", "2026-11-22T11:00:02Z"),
    )
    of = plan("ready", ttl=86_400)
    assert before(joined(of, deployed(of, *at_sender(ttl=86_400, modified=MOVED), *at_edge()[2:], *raised))) == []


def test_a_record_that_did_not_change_has_nothing_before_it() -> None:
    branded = plan("branded")
    past = remembered((branded, LONG_AGO, LONG_AGO))
    made = {"created": "2026-10-01T10:00:01Z", "modified": "2026-10-01T10:00:01Z"}
    past[1]["outputs"]["moments"] = ["2026-10-01T10:00:02Z"]
    document = joined(branded, deployed(branded, *at_sender(**made), *past))
    assert before(document) == [], "created weeks ago: nobody can hold its absence"


def test_what_is_over_is_dropped() -> None:
    past = remembered(
        (plan("ready"), LONG_AGO, LONG_AGO), (plan("live"), "2026-11-22T11:00:00Z", "2026-11-22T11:00:02Z")
    )
    live = deployed(plan("live"), *at_edge(modified=MOVED), *past)
    assert len(before(joined(plan("live"), live, NOW + timedelta(hours=23)))) == 1
    assert before(joined(plan("live"), live, NOW + timedelta(hours=25))) == []


def test_a_renamed_key_loses_no_history() -> None:
    past = remembered(
        (plan("ready"), LONG_AGO, LONG_AGO), (plan("live"), "2026-11-22T11:00:00Z", "2026-11-22T11:00:02Z")
    )
    renamed = plan("live", key="renamed")
    (held,) = before(joined(renamed, deployed(renamed, *at_edge(modified=MOVED), *past)), "renamed/click")
    assert held["values"] == ["sendgrid.net."]


def test_a_deployment_that_did_not_finish_may_have_left_the_old_value_until_now() -> None:
    past = remembered((plan("ready"), LONG_AGO, LONG_AGO), (plan("live"), "2026-11-22T11:00:00Z", None))
    document = joined(plan("live"), deployed(plan("live"), *at_edge(modified=MOVED), *past))
    assert seen(document) == [(["sendgrid.net."], 300, "2026-11-22T12:00:00Z")]


def test_in_a_manual_zone_the_old_value_may_live_from_now_on_for_a_week_after_the_declaration() -> None:
    """People publish it at a moment that nobody knows; what is years old they have published."""
    ready, live = (plan(phase, "url1.example.org") for phase in ("ready", "live"))
    past = remembered(
        (ready, "2026-10-01T10:00:00Z", "2026-10-01T10:00:00Z"), (live, "2026-11-20T11:00:00Z", "2026-11-20T11:00:02Z")
    )
    made = [distribution("url1.example.org"), certificate("url1.example.org")]
    state = deployed(live, *made, *past)
    assert seen(joined(live, state)) == [(["sendgrid.net."], 300, "2026-11-22T11:55:00Z")], (
        "less what the servers may take"
    )
    assert seen(joined(live, state, NOW + timedelta(days=9))) == []


def test_what_nobody_knows_is_said_to_be_unknown() -> None:
    """No history (a stack of before), and a record that was imported: whatever was there may be held."""
    of = plan("live")
    assert before(joined(of, deployed(of, *at_edge(modified=MOVED)))) == [unknown("2026-11-22T12:00:00Z")]
    past = remembered((of, "2026-11-22T11:00:00Z", "2026-11-22T11:00:02Z"))
    made = {"created": MOVED, "modified": MOVED, "importID": "Z_url1_CNAME"}
    assert before(joined(of, deployed(of, *at_edge(**made), *past))) == [unknown("2026-11-22T11:00:00Z")]


def test_an_old_value_that_cannot_be_told_any_more_is_unknown() -> None:
    """The distribution that it led to is gone."""
    past = remembered(
        (plan("live"), LONG_AGO, LONG_AGO), (plan("branded"), "2026-11-22T11:00:00Z", "2026-11-22T11:00:02Z")
    )
    of = plan("branded")
    (held,) = before(joined(of, deployed(of, *at_sender(modified=MOVED), *past)))
    assert (held["unknown"], held["values"], held["ttl_seconds"]) == (True, [], 300)


# the file -----------------------------------------------------------------------------------------
def test_the_file_is_replaced_whole_and_read_back(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "expectations.json"
    document = joined(plan("branded"), deployed(plan("branded"), *at_sender()))
    write(file, document)
    write(file, document)
    assert json.loads(file.read_text()) == document
    assert load(file).stack == "test"
    assert [entry.name for entry in file.parent.iterdir()] == ["expectations.json"]
