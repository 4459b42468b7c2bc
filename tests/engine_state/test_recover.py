"""What `recover` does with each kind of interrupted operation: everything or nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.engine.clients import Clients
from infra.engine.recover import recover
from infra.errors import LinkproofError
from tests.engine_state.deployed import resource
from tests.lab.apis.conftest import R53_ZONE, Lab


class FakeEngine:
    """An engine that holds one document and remembers what it was told."""

    stack = "dev"

    def __init__(
        self, root: Path, pending: list[dict[str, Any]], resources: list[dict[str, Any]] | None = None
    ) -> None:
        self.project = SimpleNamespace(root=root, name="linkproof")
        self.document: dict[str, Any] = {"deployment": {"resources": resources or [], "pending_operations": pending}}
        self.told: list[tuple[str, ...]] = []
        self.imported: dict[str, Any] | None = None
        self.mode = 0

    def environment(self) -> dict[str, str]:
        return {"PULUMI_BACKEND_URL": f"file://{self.project.root}"}

    def exists(self) -> bool:
        return True

    def export(self) -> dict[str, Any]:
        return json.loads(json.dumps(self.document))  # type: ignore[no-any-return]

    def must(self, *arguments: str) -> str:
        self.told.append(arguments)
        if arguments[:2] == ("stack", "import"):
            file = Path(arguments[arguments.index("--file") + 1])
            self.mode = file.stat().st_mode & 0o777
            self.imported = json.loads(file.read_text())
        return ""


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
    kept = resource("aws:route53/record:Record", "kept.example.net/CNAME")
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
    refresh = engine.told[-1]
    assert refresh[0] == "refresh"
    assert refresh[refresh.index("--target") + 1].endswith("::p1.example.net/CNAME")
    assert engine.mode == 0o600, "the document has secrets in it"


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


@pytest.mark.parametrize("op", ["updating", "deleting", "reading"])
def test_other_interrupted_steps_are_left_to_the_next_up(tmp_path: Path, op: str) -> None:
    engine = FakeEngine(tmp_path, [record("p5.example.net", op=op)])
    acted, said = run(engine, no_vendor)
    assert acted
    assert f"{op} was interrupted; the next `pulumi up` repeats it" in said[0]
    assert engine.imported == {"deployment": {"resources": [], "pending_operations": []}}


def test_an_interrupted_wait_has_no_object(tmp_path: Path) -> None:
    engine = FakeEngine(tmp_path, [pending("aws:acm/certificateValidation:CertificateValidation", "url1.example.net")])
    assert "waiting was interrupted" in run(engine, no_vendor)[1][0]
    assert engine.imported is not None


@pytest.mark.parametrize("operation", [
    pending("pulumi:providers:aws", "aws-default", provider=""),
    pending("linkproof:cloudfront:Edge", "url1.example.net", provider="", custom=False),
    pending("pulumi:pulumi:Stack", "linkproof-dev", provider="", custom=False),
], ids=["provider", "component", "stack"])  # fmt: skip
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


def test_what_was_being_replaced_is_left_to_the_engine_to_delete(
    tmp_path: Path, vendors: Lab, clients: Clients
) -> None:
    vendors.records(("UPSERT", "p9.example.net", "CNAME", ["sendgrid.net"], 300))
    old = resource("aws:route53/record:Record", "p9.example.net/CNAME")
    engine = FakeEngine(tmp_path, [record("p9.example.net")], [old])
    run(engine, lambda: clients)
    assert engine.imported is not None
    states = [(r["id"], r.get("delete", False)) for r in engine.imported["deployment"]["resources"]]
    assert states == [(old["id"], True), (f"{R53_ZONE}_p9.example.net_CNAME", False)]


def test_the_object_that_the_state_knows_is_not_taken_for_the_new_one(
    tmp_path: Path, vendors: Lab, clients: Clients
) -> None:
    vendors.records(("UPSERT", "p8.example.net", "CNAME", ["sendgrid.net"], 300))
    old = {**resource("aws:route53/record:Record", "p8.example.net/CNAME"), "id": f"{R53_ZONE}_p8.example.net_CNAME"}
    engine = FakeEngine(tmp_path, [record("p8.example.net")], [old])
    _, said = run(engine, lambda: clients)
    assert said == ["p8.example.net/CNAME (aws:route53/record:Record): nothing had been created"]
    assert engine.imported == {"deployment": {"resources": [old], "pending_operations": []}}
