"""What `recover` does with each kind of interrupted operation: everything or nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from linkproof.engine.clients import Clients
from linkproof.errors import LinkproofError

from tests.engine_state.deployed import resource
from tests.engine_state.fake_engine import FakeEngine, no_vendor, pending, record, run
from tests.lab.apis.conftest import R53_ZONE, Lab


def test_nothing_interrupted_changes_nothing(tmp_path: Path) -> None:
    engine = FakeEngine(tmp_path, [])
    assert run(engine, no_vendor) == (False, [])
    assert engine.told == []


def test_a_created_object_is_imported_and_read_back(tmp_path: Path, vendors: Lab, clients: Clients) -> None:
    vendors.records(("UPSERT", "p1.example.net", "CNAME", ["sendgrid.net"], 300))
    kept = resource("aws:route53/record:Record", "kept.example.net/CNAME", outputs={"fqdn": "kept.example.net"})
    engine = FakeEngine(tmp_path, [record("p1.example.net")], [kept])
    acted, said = run(engine, lambda: clients)
    assert acted
    assert "found Z0EXAMPLE_p1.example.net_CNAME, created before the engine was killed" in said[0]
    assert engine.imported is not None
    deployment = engine.imported["deployment"]
    assert deployment["pending_operations"] == []
    assert [(r["urn"].rpartition("::")[2], r["id"]) for r in deployment["resources"]] == [
        ("kept.example.net/CNAME", "id-of-kept.example.net/CNAME"),
        ("p1.example.net/CNAME", f"{R53_ZONE}_p1.example.net_CNAME"),
    ]
    assert deployment["resources"][-1]["outputs"] == {}, "a real provider reads all of an object only from its id"
    assert engine.told[-1][0] == "refresh"
    assert engine.refreshed()[-1] == ["p1.example.net/CNAME"]


def test_a_create_that_left_nothing_is_forgotten(tmp_path: Path, clients: Clients, vendors: Lab) -> None:
    engine = FakeEngine(tmp_path, [record("p2.example.net")])
    assert run(engine, lambda: clients) == (
        True,
        ["p2.example.net/CNAME (aws:route53/record:Record): nothing had been created"],
    )
    assert engine.imported == {"deployment": {"resources": [], "pending_operations": []}}
    assert [told[0] for told in engine.told] == ["stack"], "nothing to read back"


def test_one_object_that_is_not_ours_leaves_everything_as_it_was(
    tmp_path: Path, vendors: Lab, clients: Clients
) -> None:
    vendors.records(("UPSERT", "p3.example.net", "CNAME", ["sendgrid.net"], 300))
    vendors.records(("UPSERT", "p4.example.net", "CNAME", ["other.example"], 300))
    engine = FakeEngine(tmp_path, [record("p3.example.net"), record("p4.example.net")])
    with pytest.raises(LinkproofError, match=r"p4\.example\.net CNAME .* exists, but it holds other\.example"):
        run(engine, lambda: clients)
    assert engine.told == []


def test_an_unknown_type_leaves_everything_as_it_was(tmp_path: Path, clients: Clients) -> None:
    engine = FakeEngine(tmp_path, [pending("aws:sqs/queue:Queue", "b")])
    with pytest.raises(LinkproofError, match="no way is known to find a aws:sqs/queue:Queue"):
        run(engine, lambda: clients)
    assert engine.told == []


@pytest.mark.parametrize("op", ["updating", "deleting"])
def test_what_was_being_updated_or_deleted_is_read_again_first(tmp_path: Path, op: str) -> None:
    """It may have succeeded at the vendor."""
    there = resource("aws:route53/record:Record", "p5.example.net/CNAME", outputs={"fqdn": "p5.example.net"})
    engine = FakeEngine(tmp_path, [record("p5.example.net", op=op)], [there])
    acted, said = run(engine, no_vendor)
    assert acted
    assert engine.told[0][0] == "refresh", "before anything else"
    assert engine.refreshed() == [["p5.example.net/CNAME"]]
    assert "was not finished; read from the vendor" in said[0]
    assert engine.imported == {"deployment": {"resources": [there], "pending_operations": []}}


def test_a_vendor_that_cannot_be_read_leaves_the_operations_pending(tmp_path: Path) -> None:
    there = resource("aws:route53/record:Record", "p5.example.net/CNAME")
    engine = FakeEngine(tmp_path, [record("p5.example.net", op="updating")], [there])
    engine.refused = True
    with pytest.raises(LinkproofError, match="cannot be reached"):
        run(engine, no_vendor)
    assert engine.imported is None
    assert engine.document["deployment"]["pending_operations"]


def test_what_was_deleted_and_is_gone_from_the_state_is_not_read(tmp_path: Path) -> None:
    engine = FakeEngine(tmp_path, [record("p5.example.net", op="deleting")])
    assert run(engine, no_vendor)[0]
    assert engine.refreshed() == []
    assert engine.imported == {"deployment": {"resources": [], "pending_operations": []}}


def test_what_an_earlier_call_imported_and_could_not_read_is_read_now(tmp_path: Path) -> None:
    """Without its outputs the next `up` would fail on it, and nothing would say that something was interrupted."""
    half = resource("aws:route53/record:Record", "p6.example.net/CNAME", outputs={})
    whole = resource("aws:route53/record:Record", "p7.example.net/CNAME", outputs={"fqdn": "p7.example.net"})
    engine = FakeEngine(tmp_path, [], [half, whole])
    assert run(engine, no_vendor)[0]
    assert engine.refreshed() == [["p6.example.net/CNAME"]]
    assert engine.imported is None


def test_what_the_last_deployment_left_unsettled_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an `up` that failed without being killed nothing is pending: what else is known says what to read."""
    there = resource("aws:route53/record:Record", "p8.example.net/CNAME", outputs={"fqdn": "p8.example.net"})
    asked: list[dict[str, Any]] = []

    def left(document: dict[str, Any]) -> list[str]:
        asked.append(document)
        return [there["urn"], "urn:pulumi:test::linkproof::aws:route53/record:Record::gone.example.net/CNAME"]

    monkeypatch.setattr("linkproof.engine.recover.unsettled", left)
    engine = FakeEngine(tmp_path, [], [there])
    assert run(engine, no_vendor)[0]
    assert asked == [engine.document]
    assert engine.refreshed() == [["p8.example.net/CNAME"]], "what the state does not have cannot be read"


def test_an_interrupted_import_made_nothing(tmp_path: Path) -> None:
    """It has an id to import and no inputs: no vendor is asked."""
    importing = record("p5.example.net", op="importing")
    importing["resource"].pop("inputs")
    importing["resource"]["importID"] = f"{R53_ZONE}_p5.example.net_CNAME"
    engine = FakeEngine(tmp_path, [importing])
    acted, said = run(engine, no_vendor)
    assert acted
    assert f"the import of {R53_ZONE}_p5.example.net_CNAME was interrupted; make it again" in said[0]
    assert engine.imported == {"deployment": {"resources": [], "pending_operations": []}}


def test_an_interrupted_read_is_left_to_the_next_up(tmp_path: Path) -> None:
    engine = FakeEngine(tmp_path, [record("p5.example.net", op="reading")])
    acted, said = run(engine, no_vendor)
    assert acted
    assert "reading was interrupted; the next `pulumi up` repeats it" in said[0]
    assert engine.imported == {"deployment": {"resources": [], "pending_operations": []}}


def test_an_interrupted_wait_has_no_object(tmp_path: Path) -> None:
    engine = FakeEngine(tmp_path, [pending("aws:acm/certificateValidation:CertificateValidation", "url1.example.net")])
    assert "waiting was interrupted" in run(engine, no_vendor)[1][0]
    assert engine.imported is not None


@pytest.mark.parametrize("operation", [
    pending("pulumi:providers:aws", "aws-default", provider=""),
    pending("linkproof:cloudfront:Edge", "url1.example.net", provider="", custom=False),
    pending("pulumi:pulumi:Stack", "linkproof-dev", provider="", custom=False),
    pending("linkproof:index:RecordHistory", "records", provider=""),
], ids=["provider", "component", "stack", "history"])  # fmt: skip
def test_what_exists_in_the_engine_only_is_made_again(tmp_path: Path, operation: dict[str, Any]) -> None:
    operation["resource"].pop("provider")
    engine = FakeEngine(tmp_path, [operation])
    assert run(engine, no_vendor) == (True, [])
    assert engine.imported == {"deployment": {"resources": [], "pending_operations": []}}


def test_what_was_being_replaced_is_left_to_the_engine_to_delete(
    tmp_path: Path, vendors: Lab, clients: Clients
) -> None:
    vendors.records(("UPSERT", "p9.example.net", "CNAME", ["sendgrid.net"], 300))
    old = resource("aws:route53/record:Record", "p9.example.net/CNAME", outputs={"fqdn": "p9.example.net"})
    engine = FakeEngine(tmp_path, [record("p9.example.net")], [old])
    run(engine, lambda: clients)
    assert engine.imported is not None
    states = [(r["id"], r.get("delete", False)) for r in engine.imported["deployment"]["resources"]]
    assert states == [(old["id"], True), (f"{R53_ZONE}_p9.example.net_CNAME", False)]


def test_the_object_that_the_state_knows_is_not_taken_for_the_new_one(
    tmp_path: Path, vendors: Lab, clients: Clients
) -> None:
    vendors.records(("UPSERT", "p8.example.net", "CNAME", ["sendgrid.net"], 300))
    old = resource("aws:route53/record:Record", "p8.example.net/CNAME", outputs={"fqdn": "p8.example.net"})
    old = {**old, "id": f"{R53_ZONE}_p8.example.net_CNAME"}
    engine = FakeEngine(tmp_path, [record("p8.example.net")], [old])
    _, said = run(engine, lambda: clients)
    assert said == ["p8.example.net/CNAME (aws:route53/record:Record): nothing had been created"]
    assert engine.imported == {"deployment": {"resources": [old], "pending_operations": []}}
