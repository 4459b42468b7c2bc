"""An engine that holds one state, and says what it was asked; and states as a killed one leaves them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from linkproof.engine.clients import Clients
from linkproof.engine.recover import recover
from linkproof.errors import LinkproofError
from linkproof.project import Project

from tests.engine_state.deployed import resource
from tests.lab.apis.conftest import R53_ZONE


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
    return recover(engine, clients, said.append).acted, said  # type: ignore[arg-type]
