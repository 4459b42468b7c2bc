"""What `recover` does with each kind of interrupted operation: everything or nothing is written."""

from __future__ import annotations

import json
import socket
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from linkproof.engine.clients import Clients
from linkproof.engine.recover import recover
from linkproof.engine.state_file import TornStateError
from linkproof.engine.survivors import Whose
from linkproof.errors import LinkproofError
from linkproof.project import Project

from tests.engine_state.deployed import resource
from tests.lab.apis.conftest import R53_ZONE, Lab


class FakeEngine:
    """An engine that holds one document and remembers what it was told.

    A refresh settles what was being updated and deleted, as the real one does.
    """

    stack = "dev"

    def __init__(
        self, root: Path, pending: list[dict[str, Any]], resources: list[dict[str, Any]] | None = None
    ) -> None:
        (root / "Pulumi.yaml").write_text("name: linkproof\n")
        self.project = Project(root)
        self.backend = f"file://{root}"
        self.document: dict[str, Any] = {"deployment": {"resources": resources or [], "pending_operations": pending}}
        self.told: list[tuple[str, ...]] = []
        self.imported: dict[str, Any] | None = None
        self.refused = False
        self.siblings: dict[str, FakeEngine] = {}

    def environment(self) -> dict[str, str]:
        return {"PULUMI_BACKEND_URL": self.backend}

    def others(self) -> list[str]:
        return list(self.siblings)

    def export_of(self, other: str) -> dict[str, Any]:
        if self.refused:
            raise LinkproofError("the backend cannot be asked")
        return self.siblings[other].export()

    def export_if_any(self) -> dict[str, Any] | None:
        return self.export()

    def export(self) -> dict[str, Any]:
        return json.loads(json.dumps(self.document))  # type: ignore[no-any-return]

    def import_state(self, document: dict[str, Any]) -> None:
        self.told.append(("stack", "import"))
        self.imported = json.loads(json.dumps(document))

    def must(self, *arguments: str) -> str:
        self.told.append(arguments)
        if arguments[0] == "refresh" and self.refused:
            raise LinkproofError("the vendor cannot be reached")
        if arguments[0] == "refresh":
            deployment = self.document["deployment"]
            kept = [op for op in deployment["pending_operations"] if op["type"] not in ("updating", "deleting")]
            deployment["pending_operations"] = kept
        return ""

    def refreshed(self) -> list[list[str]]:
        """The names of what each refresh read."""
        return [
            [value.rpartition("::")[2] for flag, value in pairwise(told) if flag == "--target"]
            for told in self.told
            if told[0] == "refresh"
        ]


def record(host: str, value: str = "sendgrid.net", op: str = "creating") -> dict[str, Any]:
    inputs = {"zoneId": R53_ZONE, "name": host, "type": "CNAME", "records": [value], "ttl": 300}
    made = resource("aws:route53/record:Record", f"{host}/CNAME", inputs=inputs)
    for known_only_later in ("id", "outputs"):
        made.pop(known_only_later)
    return {"type": op, "resource": made}


def pending(rtype: str, name: str, op: str = "creating", **more: Any) -> dict[str, Any]:
    return {"type": op, "resource": resource(rtype, name, **more)}


def no_vendor() -> Clients:
    raise AssertionError("no vendor is to be asked")


def run(engine: FakeEngine, clients: Any) -> tuple[bool, list[str]]:
    said: list[str] = []
    return recover(engine, clients, said.append), said  # type: ignore[arg-type]


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
    engine = FakeEngine(tmp_path, [pending("aws:s3/bucket:Bucket", "b")])
    with pytest.raises(LinkproofError, match="no way is known to find a aws:s3/bucket:Bucket"):
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


def test_a_lock_from_another_host_stops_everything(tmp_path: Path) -> None:
    folder = tmp_path / ".pulumi" / "locks" / "organization" / "linkproof" / "dev"
    folder.mkdir(parents=True)
    (folder / "x.json").write_text(json.dumps({"pid": 1, "hostname": "another.example"}))
    engine = FakeEngine(tmp_path, [record("p6.example.net")])
    with pytest.raises(LinkproofError, match=r"locked by process 1 on another\.example") as refused:
        run(engine, no_vendor)
    assert "pulumi cancel --stack dev" in refused.value.fix
    assert (folder / "x.json").exists()
    assert engine.told == []


def dead_lock(root: Path) -> Path:
    """A lock from before this host was started: nobody holds it."""
    folder = root / ".pulumi" / "locks" / "organization" / "linkproof" / "dev"
    folder.mkdir(parents=True)
    content = {"pid": 4194000, "hostname": socket.gethostname(), "timestamp": "2001-01-01T00:00:00Z"}
    (folder / "x.json").write_text(json.dumps(content))
    return folder / "x.json"


def states(root: Path) -> Path:
    folder = root / ".pulumi" / "stacks" / "linkproof"
    folder.mkdir(parents=True)
    return folder


def states_of(root: Path) -> Path:
    return root / ".pulumi" / "stacks" / "linkproof"


def test_a_backup_without_a_state_is_left_alone_without_a_dead_engine_s_lock(tmp_path: Path) -> None:
    """As `stack rename` and `stack rm` leave it."""
    (states(tmp_path) / "dev.json.bak").write_text('{"checkpoint": {}}')
    engine = FakeEngine(tmp_path, [])
    assert run(engine, no_vendor) == (False, [])
    assert not (states_of(tmp_path) / "dev.json").exists()


def test_a_dead_engine_s_torn_state_is_put_back_and_its_age_said(tmp_path: Path) -> None:
    lock = dead_lock(tmp_path)
    folder = states(tmp_path)
    (folder / "dev.json.bak").write_text('{"checkpoint": {}}')
    (folder / "dev.json").write_text('{"checkpoint": {"la')
    engine = FakeEngine(tmp_path, [], [resource("aws:route53/record:Record", "a.example.net/CNAME", outputs={"a": 1})])
    engine.document["deployment"]["manifest"] = {"time": "2026-11-28T00:10:00.5+09:00"}
    acted, said = run(engine, no_vendor)
    assert acted
    assert said[0].startswith("put the state back from dev.json.bak, as it was ")
    assert "(2026-11-28T00:10:00+09:00, 1 resources)" in said[0]
    assert said[0].endswith("the broken one is kept as dev.json.torn")
    assert (folder / "dev.json").read_text() == '{"checkpoint": {}}'
    assert not lock.exists()


def test_a_stack_whose_rename_was_killed_is_not_revived(tmp_path: Path) -> None:
    dead_lock(tmp_path)
    folder = states(tmp_path)
    (folder / "dev.json.bak").write_text('{"checkpoint": {}}')
    object_ = resource("aws:route53/record:Record", "a.example.net/CNAME", outputs={"a": 1})
    engine = FakeEngine(tmp_path, [], [object_])
    engine.siblings = {"prod": FakeEngine(tmp_path, [], [{**object_, "urn": object_["urn"].replace("test", "prod")}])}
    _, said = run(engine, no_vendor)
    assert "stack prod has the same objects" in said[0]
    assert not (folder / "dev.json").exists()
    assert (folder / "dev.json.bak").exists()


def test_a_state_is_not_left_restored_when_it_cannot_be_known_whether_the_stack_was_renamed(tmp_path: Path) -> None:
    """The next call would take it for whole, and revive the stack."""
    lock = dead_lock(tmp_path)
    folder = states(tmp_path)
    (folder / "dev.json.bak").write_text('{"checkpoint": {}}')
    engine = FakeEngine(tmp_path, [], [resource("aws:route53/record:Record", "a.example.net/CNAME", outputs={"a": 1})])
    engine.siblings, engine.refused = {"prod": FakeEngine(tmp_path, [])}, True
    with pytest.raises(LinkproofError, match="cannot be asked"):
        run(engine, no_vendor)
    assert not (folder / "dev.json").exists()
    assert lock.exists()


def test_a_torn_state_without_a_dead_engine_s_lock_is_said_with_the_way_to_mend_it(tmp_path: Path) -> None:
    folder = states(tmp_path)
    (folder / "dev.json.bak").write_text('{"checkpoint": {}}')
    (folder / "dev.json").write_text("{")
    with pytest.raises(TornStateError, match=r"the state of stack dev is torn") as refused:
        run(FakeEngine(tmp_path, []), no_vendor)
    assert f"cp -p {folder / 'dev.json.bak'} {folder / 'dev.json'}" in refused.value.fix
    assert (folder / "dev.json").read_text() == "{"


def test_a_dead_engine_s_provider_is_ended_whatever_the_backend_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may still be creating what the vendors are about to be asked for."""
    asked: list[Whose] = []
    monkeypatch.setattr("linkproof.engine.unlock.end_survivors", lambda whose, _say: asked.append(whose))
    engine = FakeEngine(tmp_path, [])
    run(engine, no_vendor)
    assert asked == [], "a file backend has a lock, where an engine was killed"
    engine.backend = "s3://states"
    run(engine, no_vendor)
    assert [(whose.root, whose.backend) for whose in asked] == [(tmp_path, "s3://states")]


def test_torn_attributes_of_this_stack_alone_are_removed(tmp_path: Path) -> None:
    folder = states(tmp_path)
    for name in ("dev.json", "other.json"):
        (folder / name).write_text("{}")
        (folder / f"{name}.attrs").write_text("")
    (folder / "dev.json.bak.attrs").write_text("{}")
    assert run(FakeEngine(tmp_path, []), no_vendor)[0]
    assert sorted(file.name for file in folder.glob("*.attrs")) == ["dev.json.bak.attrs", "other.json.attrs"]


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
