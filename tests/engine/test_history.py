"""The past lives with the stack: it outlives every file of ours, a rename and a kill, and costs an unchanged stack nothing."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from linkproof.engine.state import read_state
from linkproof.history.read import History, read_history
from linkproof_lab.apis.request_log import requests

from tests.engine.sandbox import Sandbox, link, linked
from tests.engine.test_recover import kill_up_when

HOST = "url1.example.net"


def at(phase: str, ttl: int = 300) -> dict[str, object]:
    return linked({"one": link(HOST, phase, ttl_seconds=ttl)})


def history(box: Sandbox, stack: str = "dev") -> History:
    return read_history(read_state(box.state(stack)))


@pytest.fixture(scope="module")
def lowered(box: Sandbox) -> Sandbox:
    """Served with a TTL of a day; lowered in one deployment, and moved away from the edge in the next."""
    box.stack("dev", at("live", 86_400))
    for phase, ttl in (("live", 86_400), ("live", 60), ("ready", 60)):
        box.declare("dev", at(phase, ttl))
        box.up("dev")
    box.declare("dev", at("branded", 60))
    return box


def was_busy(box: Sandbox, after: int) -> bool:
    """Whether Route 53 has put off a caller since the log had that many entries."""
    return any(
        "/hostedzone/" in str(entry["path"]) and entry["status"] == 400
        for entry in list(requests(box.lab.request_log))[after:]
    )


def held_until(said: str) -> datetime:
    found = re.search(r"may hold the edge's address until (\S+):", said)
    assert found is not None, said
    return datetime.fromisoformat(found.group(1))


def test_a_ttl_lowered_the_deployment_before_still_holds_the_edge_for_a_day(lowered: Sandbox) -> None:
    said = lowered.linkproof("guard", "dev", code=2).stdout
    assert held_until(said) > datetime.now(UTC) + timedelta(hours=23)


def test_on_a_machine_that_has_nothing_but_the_stack_the_hold_is_the_same(lowered: Sandbox) -> None:
    before = held_until(lowered.linkproof("guard", "dev", code=2).stdout)
    (lowered.root / ".linkproof" / "dev" / "expectations.json").unlink()
    assert held_until(lowered.linkproof("guard", "dev", code=2).stdout) == before


def test_a_healthy_step_is_not_called_wrong_where_the_file_is_lost(lowered: Sandbox) -> None:
    lowered.declare("dev", at("ready", 60))
    (lowered.root / ".linkproof" / "dev" / "expectations.json").unlink(missing_ok=True)
    lowered.linkproof("expectations", "dev")
    code, report = lowered.verify("dev")
    assert code in (0, 4), report["findings"]
    lowered.declare("dev", at("branded", 60))


def test_nothing_changes_when_nothing_changes(lowered: Sandbox) -> None:
    lowered.declare("dev", at("ready", 60))
    lowered.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    lowered.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")
    lowered.declare("dev", at("branded", 60))


def test_a_renamed_stack_keeps_its_past(lowered: Sandbox) -> None:
    before = held_until(lowered.linkproof("guard", "dev", code=2).stdout)
    lowered.pulumi("stack", "rename", "moved", "--stack", "dev")
    shutil.copytree(lowered.root / ".linkproof" / "dev", lowered.root / ".linkproof" / "moved")
    assert held_until(lowered.linkproof("guard", "moved", code=2).stdout) == before


def test_killed_between_the_history_and_the_record_nothing_is_forgotten(fresh: Sandbox) -> None:
    fresh.stack("dev", at("ready"))
    fresh.up("dev")
    assert not history(fresh).unsettled
    fresh.declare("dev", at("live"))
    # the record's update asks Route 53, which answers that it is busy: by then the history's update is over, the record's is not
    fresh.control.put_document("rate-limit", "route53", {"requests": 0, "per_seconds": 3600})
    asked = len(list(requests(fresh.lab.request_log)))
    assert kill_up_when(fresh, lambda: was_busy(fresh, asked), providers_too=True)
    fresh.control.delete_document("rate-limit", "route53")
    fresh.linkproof("recover", "dev")
    assert f"{HOST}/CNAME" in history(fresh).unsettled
    # nobody goes on, but back: what may have been served at the edge meanwhile is held
    fresh.declare("dev", at("branded"))
    said = fresh.linkproof("guard", "dev", code=2).stdout
    # the kill may have come before or after the state learned of the move
    assert "live → branded is more than one step" in said or held_until(said) > datetime.now(UTC) + timedelta(minutes=5)
    fresh.declare("dev", at("live"))
    fresh.up("dev")
    assert not history(fresh).unsettled
    assert fresh.verify("dev")[0] in (0, 4)
