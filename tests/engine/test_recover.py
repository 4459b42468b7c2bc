"""A killed engine, alone or with its providers, at ten different moments: recover and the next `up` end in the declared state."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.engine.sandbox import Sandbox, forget, link, linked

DECLARATION = linked(
    {
        "one": link("url1.example.net"),
        "two": link("url2.example.com", edge="aws"),
        "three": link("url3.example.com", edge="cf"),
        "four": link("url4.example.net", "branded", None),
    },
    tracking_hosts={"karte": {"provider": "karte", "host": "t.example.com", "state": "in-use"}},
)
KILLS = 10
OBJECTS = ("acm-certificate", "cloudfront-distribution", "cloudfront-policy", "cloudflare-record", "cloudflare-ruleset")


def test_ten_kills_end_in_the_declared_state(fresh: Sandbox) -> None:
    fresh.stack("dev", DECLARATION)
    said = []
    killed = 0
    for moment in range(KILLS):
        killed += kill_during_up(fresh, providers_too=moment % 2 == 1)
        done = fresh.linkproof("recover", "dev")
        said.append(done.stdout)
    # on a busy machine several writes pass between two looks, and the last kills find nothing left to do
    assert killed > 2, "the deployment was over before it could be killed"
    assert any("removed the lock" in text for text in said), said
    assert any("found" in text or "nothing had been created" in text for text in said), said
    fresh.linkproof("guard", "dev")
    fresh.up("dev")
    fresh.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    code, report = fresh.verify("dev")
    assert code == 0, (report["findings"], report["could_not_check"])
    # nothing was made twice
    held = fresh.control.dump()["documents"]
    assert len(held["acm-certificate"]) == 2
    assert len(held["cloudfront-distribution"]) == 2


def test_a_lab_killed_in_the_middle_of_up_has_lost_nothing(fresh: Sandbox) -> None:
    fresh.stack("dev", DECLARATION)
    before = writes(fresh)
    running = start_up(fresh)
    wait_for(lambda: writes(fresh) >= before + 3 or running.poll() is not None)
    os.kill(lab_pid(fresh), signal.SIGKILL)
    running.wait(120)
    assert running.returncode != 0
    assert writes(fresh) >= before + 3
    assert fresh.linkproof("lab", "status", code=3).stdout.startswith("lab: not running")
    fresh.linkproof("lab", "up", "stacks/dev.yaml")
    fresh.linkproof("recover", "dev")
    fresh.up("dev")
    assert fresh.verify("dev")[0] == 0


def lab_pid(box: Sandbox) -> int:
    pid: int = json.loads(box.linkproof("lab", "status", "--json").stdout)["pid"]
    return pid


def test_recover_leaves_a_living_engine_alone(fresh: Sandbox) -> None:
    fresh.stack("dev", linked({"one": link("url1.example.net")}))
    before = writes(fresh)
    running = start_up(fresh)
    wait_for(lambda: writes(fresh) > before or running.poll() is not None)
    assert running.poll() is None
    os.kill(running.pid, signal.SIGSTOP)  # alive and holding its lock, for as long as this looks
    try:
        done = fresh.linkproof("recover", "dev", code=2)
        assert f"process {running.pid}" in done.stderr
    finally:
        os.kill(running.pid, signal.SIGCONT)
        running.wait(120)
    assert running.returncode == 0
    assert "nothing was interrupted" in fresh.linkproof("recover", "dev").stdout


def test_an_object_of_somebody_else_is_not_imported(fresh: Sandbox) -> None:
    """A pending create whose name is now held by another value: said, and nothing changed."""
    fresh.stack("dev", linked({"one": link("url1.example.net", "branded", None)}))
    fresh.up("dev")
    leave_creating(fresh, "url1.example.net/CNAME", records=["other.example"])
    done = fresh.linkproof("recover", "dev", code=2)
    assert "exists, but it holds sendgrid.net, not other.example" in done.stderr
    assert fresh.state("dev")["deployment"]["pending_operations"]


def leave_creating(box: Sandbox, *names: str, **inputs: Any) -> None:
    """Bring the state to what a kill leaves between a vendor's yes and its being written down: objects that are there, creates that are pending.

    It is written into the file: `pulumi stack import` would drop what is pending.

    Args:
        names: of resources of the state.
        inputs: with which they were to be created, where other than they are.
    """
    file = box.root / ".linkproof" / "dev" / "backend" / ".pulumi" / "stacks" / "linkproof" / "dev.json"
    state = json.loads(file.read_text())
    latest = state["checkpoint"]["latest"]
    latest["pending_operations"] = pending = []
    for name in names:
        made = next(one for one in latest["resources"] if one["urn"].endswith(f"::{name}"))
        forget(latest["resources"], made)
        created = {key: value for key, value in made.items() if key not in ("id", "outputs")}
        pending.append({"resource": created | {"inputs": made["inputs"] | inputs}, "type": "creating"})
    file.write_text(json.dumps(state))


def kill_during_up(box: Sandbox, *, providers_too: bool) -> bool:
    """Start `up`, and at its next write to a vendor kill the engine, or it and its providers. Whether it was in time."""
    before = writes(box)
    return kill_up_when(box, lambda: writes(box) > before, providers_too=providers_too)


def kill_up_when(box: Sandbox, happened: Callable[[], bool], *, providers_too: bool) -> bool:
    """Start `up`, and kill the engine, or it and its providers, when something has happened. Whether it was in time."""
    running = start_up(box)
    wait_for(lambda: happened() or running.poll() is not None)
    if running.poll() is not None:
        return False
    for pid in [running.pid, *(providers_of(running.pid) if providers_too else [])]:
        os.kill(pid, signal.SIGKILL)
    running.wait(120)
    return True


def start_up(box: Sandbox) -> subprocess.Popen[bytes]:
    command = [
        "pulumi",
        "up",
        "--stack",
        "dev",
        "--yes",
        "--skip-preview",
        "--suppress-outputs",
        "--parallel",
        "1",
        "--non-interactive",
    ]
    return subprocess.Popen(
        command, cwd=box.root, env=box.environments["dev"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def providers_of(engine: int) -> list[int]:
    """The provider processes of one engine."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == engine and b"linkproof_lab.providers" in command:
            found.append(int(folder.name))
    return sorted(found)


def writes(box: Sandbox) -> int:
    """How many objects the vendors hold and how often DNS has changed: grows with every create."""
    with sqlite3.connect(f"file:{box.lab.database}?mode=ro", uri=True) as db:
        marks = ",".join("?" * len(OBJECTS))
        (objects,) = db.execute(f"SELECT COUNT(*) FROM documents WHERE kind IN ({marks})", OBJECTS).fetchone()
        (versions,) = db.execute("SELECT COUNT(*) FROM versions").fetchone()
    return int(objects) + int(versions)


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < until, "the deployment neither wrote nor ended"
        time.sleep(0.005)
