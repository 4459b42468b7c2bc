"""Three services that exist in tests alone, walked by the real engine: up, every phase and back, and destroy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from tests.engine.sandbox import Sandbox, forget, sandbox
from tests.plugins.toys import with_toys

HOST, ZONE = "click.customer.example", "customer.example"
WAY = ("branded", "ready", "live", "secured", "live", "ready")


def declared(phase: str) -> dict[str, Any]:
    return {
        "zones": {ZONE: {"dns": "toy", "id": "Z1", "propagation_seconds": 0}},
        "senders": {"mail": {"provider": "toy"}},
        "edges": {"toy": {"provider": "toy"}},
        "links": {"one": {"sender": "mail", "click_host": HOST, "edge": "toy", "phase": phase, "ttl_seconds": 1}},
    }


@pytest.fixture(scope="module")
def box(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    root = tmp_path_factory.mktemp("project")
    with sandbox(root, infra=with_toys(root)) as made:
        yield made


def test_the_toys_walk_every_phase_and_back(box: Sandbox) -> None:
    apis = {"toyedge": box.lab.address(100, 201), "toydns": box.lab.address(100, 202)}
    options = {vendor: {"api": f"http://{at}:{box.lab.api_port}"} for vendor, at in apis.items()}
    box.stack(
        "dev",
        declared("branded"),
        options=options,
        secrets={"toyedgeToken": "a-toy-token", "toydnsToken": "a-toy-token"},
    )
    box.linkproof("guard", "dev")
    box.up("dev")
    assert_holds(box, "branded")
    for before, after in pairwise(WAY):
        box.declare("dev", declared(after))
        box.linkproof("guard", "dev")
        steps = box.steps_of_up("dev")
        moves = {before, after} == {"ready", "live"}
        assert [(op, name) for op, name in steps if name == f"{HOST}/CNAME"] == (
            [("update", f"{HOST}/CNAME")] if moves else []
        )
        assert_holds(box, after)
    box.declare("dev", declared("live"))
    box.linkproof("guard", "dev")
    box.up("dev")
    box.declare("dev", declared("branded"))
    refused = box.linkproof("guard", "dev", code=2)
    assert "live → branded is more than one step" in refused.stdout
    box.declare("dev", declared("ready"))
    box.up("dev")
    box.declare("dev", declared("branded"))
    box.linkproof("guard", "dev", "--wait", "30s")
    box.up("dev")
    assert_holds(box, "branded")
    assert not [one for one in box.state("dev")["deployment"]["resources"] if one["type"] == "toy:index:Edge"]


def test_what_a_kill_left_is_found_and_taken_in(box: Sandbox) -> None:
    """The record is in the toy's API and not in the state, as after a kill: recover finds it by its own finder."""
    file = box.root / ".linkproof" / "dev" / "backend" / ".pulumi" / "stacks" / "linkproof" / "dev.json"
    state = json.loads(file.read_text())
    latest = state["checkpoint"]["latest"]
    record = next(one for one in latest["resources"] if one["type"] == "toy:index:Record")
    forget(latest["resources"], record)
    created = {key: value for key, value in record.items() if key not in ("id", "outputs")}
    latest["pending_operations"] = [{"resource": created, "type": "creating"}]
    file.write_text(json.dumps(state))
    said = box.linkproof("recover", "dev")
    assert f"found Z1/{HOST}/CNAME" in said.stdout + said.stderr
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")


def test_destroy_leaves_nothing(box: Sandbox) -> None:
    box.linkproof("retire", "one", "--stack", "dev", code=None)
    box.pulumi("destroy", "--stack", "dev", "--yes", "--skip-preview")
    assert box.state("dev")["deployment"].get("resources", []) == []


def assert_holds(box: Sandbox, phase: str) -> None:
    code, report = box.verify("dev")
    assert not report["findings"], (phase, report["findings"])
    assert code in (0, 4), (phase, report["could_not_check"])
