"""What is made of a preview's skeleton and of the state after an import, and what exists; apart from the engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from linkproof.engine.adopt import adopt as adopting
from linkproof.engine.adopt.adopt import Wishes
from linkproof.engine.adopt.differences import Difference
from linkproof.engine.adopt.finish import finished
from linkproof.engine.adopt.look import AmbiguousError, Existing, existing, in_the_way
from linkproof.engine.adopt.take import import_document, missing_providers
from linkproof.engine.clients import Clients
from linkproof.engine.find import Held
from linkproof.engine.lifetime import answers_live_until
from linkproof.engine.preview import Preview
from linkproof.engine.state import read_state
from linkproof.errors import LinkproofError
from linkproof.expectations.join import join
from linkproof.history import keep
from linkproof.history.read import UNKNOWN_TTL_SECONDS, read_history
from linkproof.plan.build import build

from tests.engine_state.deployed import NET, declared, link, remembered, resource, route53
from tests.engine_state.fake_engine import FakeEngine, no_vendor
from tests.lab.apis.conftest import CF_ZONE, R53_ZONE, Lab

RECORD, DISTRIBUTION = "aws:route53/record:Record", "aws:cloudfront/distribution:Distribution"
CERTIFICATE = "aws:acm/certificate:Certificate"
CF_RECORD, RULESET = "cloudflare:index/dnsRecord:DnsRecord", "cloudflare:index/ruleset:Ruleset"
MOMENT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


# the import ---------------------------------------------------------------------------------------
SKELETON = {
    "nameTable": {"aws-default": "urn:pulumi:dev::linkproof::pulumi:providers:aws::aws-default"},
    "resources": [
        {"type": "pulumi:providers:aws", "name": "aws-brand", "id": "<PLACEHOLDER>", "inputs": {"secretKey": "cipher"}},
        {"type": "linkproof:cloudfront:Edge", "name": "edge1", "logicalName": "url1", "component": True, "id": "<PLACEHOLDER>"},
        {"type": "linkproof:cloudfront:Edge", "name": "edge2", "logicalName": "url2", "component": True},
        {"type": CERTIFICATE, "name": "c1", "logicalName": "url1", "parent": "edge1", "provider": "aws-brand", "id": "<PLACEHOLDER>"},
        {"type": DISTRIBUTION, "name": "d1", "logicalName": "url1", "parent": "edge1", "provider": "aws-brand", "id": "<PLACEHOLDER>"},
        {"type": RECORD, "name": "url1/CNAME", "provider": "aws-default", "id": "<PLACEHOLDER>"},
    ],
}  # fmt: skip


def there(rtype: str, name: str, id_: str) -> Existing:
    return Existing(f"urn:pulumi:dev::linkproof::{rtype}::{name}", rtype, name, "it", id_, "")


def test_only_what_exists_is_imported_below_its_component_and_with_its_provider() -> None:
    document = import_document(SKELETON, [there(CERTIFICATE, "url1", "arn:1")])
    assert document["nameTable"] == {}
    assert {(entry["name"], entry.get("id")) for entry in document["resources"]} == {
        ("c1", "arn:1"),
        ("edge1", None),
        ("aws-brand", None),
    }, "no id for a provider, no component that nothing is below of, no object of an equal name and another type"


def test_a_name_table_keeps_what_is_used_and_a_provider_that_the_state_lacks_is_found() -> None:
    document = import_document(SKELETON, [there(RECORD, "url1/CNAME", "Z_url1_CNAME")])
    assert document["nameTable"] == SKELETON["nameTable"]
    (urn,) = document["nameTable"].values()
    assert missing_providers(document, {urn}) == []
    assert missing_providers(document, set()) == [urn]


# what exists --------------------------------------------------------------------------------------
def create(host: str) -> dict[str, Any]:
    inputs = {"zoneId": R53_ZONE, "name": host, "type": "CNAME", "records": ["sendgrid.net"], "ttl": 300}
    made = resource(RECORD, f"{host}/CNAME", inputs=inputs)
    return {"op": "create", "urn": made["urn"], "newState": made}


def test_an_object_of_anybody_is_found_and_its_doubt_shown(vendors: Lab, clients: Clients) -> None:
    vendors.records(("UPSERT", "o1.example.net", "CNAME", ["other.example"], 60))
    (found,) = existing([create("o1.example.net"), create("o2.example.net")], lambda: clients)
    assert found.id == f"{R53_ZONE}_o1.example.net_CNAME"
    assert "it holds other.example" in found.doubt
    other = Held([{"type": RECORD, "id": found.id}])
    assert list(existing([create("o1.example.net")], lambda: clients, other)) == [], "another resource has it"


def test_two_objects_for_one_resource_are_refused(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    from linkproof.contract.find import Candidate

    twice = {RECORD: ("aws", lambda inputs, client: iter([Candidate("a", "1"), Candidate("b", "2")]))}
    monkeypatch.setattr("linkproof.engine.adopt.look.adopting_finders", lambda: twice)
    with pytest.raises(AmbiguousError, match="2 objects exist where one is declared: 1, 2"):
        list(existing([create("o1.example.net")], lambda: clients))


def test_addresses_beside_a_declared_cname_are_in_the_way(vendors: Lab, clients: Clients) -> None:
    vendors.records(("UPSERT", "o3.example.net", "A", ["192.0.2.1"], 60))
    vendors.records(("UPSERT", "o33.example.net", "A", ["192.0.2.1"], 60))
    vendors.records(("UPSERT", "o4.example.net", "CNAME", ["sendgrid.net"], 60))
    steps = [create("o3.example.net"), create("o4.example.net")]
    (found,) = in_the_way(steps, lambda: clients)
    assert (found.name, found.id) == ("o3.example.net/CNAME", f"{R53_ZONE}_o3.example.net_A")
    assert "one change batch" in found.doubt


def test_addresses_at_cloudflare_are_in_the_way_too(vendors: Lab, clients: Clients) -> None:
    api = vendors.cloudflare()
    api.dns.records.create(zone_id=CF_ZONE, name="o5.example.com", type="A", content="192.0.2.1", ttl=1, proxied=True)
    inputs = {"zoneId": CF_ZONE, "name": "o5.example.com", "type": "CNAME", "content": "sendgrid.net", "proxied": True}
    made = resource(CF_RECORD, "o5.example.com/CNAME", provider="cloudflare-default", inputs=inputs)
    (found,) = in_the_way([{"op": "create", "urn": made["urn"], "newState": made}], lambda: clients)
    assert found.what == "record o5.example.com A 192.0.2.1"
    assert list(existing([{"op": "create", "urn": made["urn"], "newState": made}], lambda: clients)) == []


# the past -----------------------------------------------------------------------------------------
def adopted(failed_first: bool) -> dict[str, Any]:
    """A branded link whose record was adopted into a stack with a history that knows its name already, as after a failed `up`."""
    past = remembered((declared(link("ready")), "2026-11-01T10:00:00Z", "2026-11-01T10:00:05Z"))
    record = {**route53(NET), "created": "2026-11-22T09:59:58Z", "modified": "2026-11-22T09:59:58Z"}
    group = {**resource("linkproof:cloudfront:Edge", NET), "custom": False}
    document = {"deployment": {"resources": [record, group, *past]}}
    return finished(document, [record["urn"]], MOMENT) if not failed_first else document


def test_an_adopted_record_may_have_been_anything_until_it_was_taken_over() -> None:
    document = adopted(failed_first=False)
    history = read_history(read_state(document))
    assert history.unknown == {f"{NET}/CNAME": MOMENT}
    found = answers_live_until(NET, 60, read_state(document), history, MOMENT)
    assert found is not None
    assert found.until == MOMENT + timedelta(seconds=UNKNOWN_TTL_SECONDS + 60)
    unmarked = read_state(adopted(failed_first=True))
    before = answers_live_until(NET, 60, unmarked, read_history(unmarked), MOMENT)
    assert before is None or before.until < found.until, "without the mark it looks like one that a deployment made"


def test_the_mark_outlives_deployments_and_the_record_s_updates() -> None:
    document = adopted(failed_first=False)
    for one in document["deployment"]["resources"]:
        if one["type"] == keep.HISTORY_TYPE:
            records = {**one["outputs"]["records"], "x/CNAME": next(iter(one["outputs"]["records"].values()))}
            later = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
            one["outputs"] = {"records": records, **keep.appended(one["outputs"], records, later)}
        if one["type"] == RECORD:
            one["modified"] = "2026-11-22T11:00:01Z"
        if one["type"] == keep.SETTLED_TYPE:
            one["outputs"]["moments"].append("2026-11-22T11:00:02Z")
    now = read_state(document)
    found = answers_live_until(NET, 60, now, read_history(now), MOMENT)
    assert found is not None
    assert found.until == MOMENT + timedelta(seconds=UNKNOWN_TTL_SECONDS + 60)


def test_a_deployment_that_replaces_an_adopted_record_does_not_make_its_past_known() -> None:
    document = adopted(failed_first=False)
    for one in document["deployment"]["resources"]:
        if one["type"] == RECORD:
            one["created"] = one["modified"] = "2026-11-22T10:30:00Z"
        if one["type"] == keep.SETTLED_TYPE:  # and all records were seen through
            one["outputs"]["moments"].append("2026-11-22T10:30:05Z")
    now = read_state(document)
    found = answers_live_until(NET, 60, now, read_history(now), MOMENT)
    assert found is not None
    assert found.until >= MOMENT + timedelta(seconds=UNKNOWN_TTL_SECONDS + 60)


def test_nobody_says_that_there_was_no_record_before_an_adopted_one() -> None:
    plan = build(declared(link("branded")))
    document = join(plan, read_state(adopted(failed_first=False)), stack="dev", now=MOMENT)
    previous = [entry for entry in document["previous"] if entry["record"] == "one/click"]
    assert [(entry["absent"], entry["unknown"]) for entry in previous] == [(False, True)]


def test_a_stack_without_a_history_needs_no_mark() -> None:
    """The first deployment begins one, after these records were there."""
    records = [{**route53(NET), "created": "2026-11-22T09:59:58Z", "modified": "2026-11-22T09:59:58Z"}]
    done = finished({"deployment": {"resources": records}}, [records[0]["urn"]], MOMENT)
    begun = remembered((declared(link("ready")), "2026-11-22T10:05:00Z", "2026-11-22T10:05:05Z"))
    now = read_state({"deployment": {"resources": [*done["deployment"]["resources"], *begun]}})
    found = answers_live_until(NET, 60, now, read_history(now), MOMENT)
    assert found is not None
    assert found.until == datetime(2026, 11, 22, 10, 5, tzinfo=UTC) + timedelta(seconds=UNKNOWN_TTL_SECONDS + 60)


def test_only_objects_are_protected() -> None:
    protected = {
        one["type"]: one.get("protect", False) for one in adopted(failed_first=False)["deployment"]["resources"]
    }
    assert protected[RECORD] is True
    assert protected["linkproof:cloudfront:Edge"] is False, "the guard would say that the deployment deletes it"


# the whole ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("deployed_meanwhile", [False, True])
def test_what_somebody_deploys_meanwhile_is_not_forgotten(
    deployed_meanwhile: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = FakeEngine(tmp_path, [], [route53("url9.example.net")])
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "dev.yaml").write_text("version: 1\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    taken = route53(NET)

    @contextmanager
    def copy(*_: Any) -> Iterator[FakeEngine]:
        yield FakeEngine(tmp_path, [], [*engine.export()["deployment"]["resources"], taken])

    def tried(*_: Any) -> tuple[list[Existing], list[Difference], Preview]:
        if deployed_meanwhile:
            engine.document["deployment"]["resources"].append(route53("url8.example.net"))
        return [there(RECORD, f"{NET}/CNAME", "Z_1")], [], Preview([], {})

    monkeypatch.setattr(adopting, "scratch_of", copy)
    monkeypatch.setattr(adopting, "_try", tried)

    def run() -> adopting.Outcome:
        return adopting.adopt(engine, no_vendor, Wishes(), lambda _: None, dry_run=False)  # type: ignore[arg-type]

    if deployed_meanwhile:
        with pytest.raises(LinkproofError, match="somebody deployed meanwhile"):
            run()
        assert engine.imported is None
    else:
        assert len(run().found) == 1
        assert engine.imported is not None
