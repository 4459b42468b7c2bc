"""`linkproof deploy` and all that it started, killed at ten moments of its six parts: the next one ends where declared."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

from linkproof.commands.one_deployment import PARTS

from tests.engine.sandbox import LINKPROOF, Sandbox
from tests.engine.test_recover import DECLARATION, OBJECTS, wait_for, writes

# What is waited for before the kill: a part, and how often a vendor has written since that began. The later parts need all the earlier ones.
MOMENTS = (
    ("recover", 0),
    ("guard", 0),
    ("preview", 0),
    ("up", 0),
    ("up", 1),
    ("up", 1),
    ("up", 3),
    ("up", 6),
    ("expectations", 0),
    ("verify", 0),
)


def test_ten_kills_of_a_deployment_leave_what_the_next_one_ends(fresh: Sandbox, tmp_path: Path) -> None:
    fresh.stack("dev", DECLARATION)
    killed = [kill_in(fresh, tmp_path / str(n), part, more) for n, (part, more) in enumerate(MOMENTS)]
    assert {part for part, _ in filter(None, killed)} == set(PARTS), killed
    assert len([one for one in killed if one]) >= 9, "all but one: several writes may pass between two looks"

    said = json.loads(fresh.linkproof("deploy", "dev", "--wait", "30s", "--json", code=None).stdout)
    assert (said["refusals"], said["exit"]) == ([], 0), said
    # state and code
    again = json.loads(fresh.linkproof("deploy", "dev", "--wait", "0s", "--json").stdout)
    assert (again["changes"], again["deployed"], again["exit"]) == ([], False, 0)
    assert not fresh.state("dev")["deployment"].get("pending_operations")
    # cloud and state: nothing was made twice, nothing is missing
    fresh.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")
    held = fresh.control.dump()["documents"]
    made = {kind: len(held.get(kind, {})) for kind in OBJECTS}
    assert (made["acm-certificate"], made["cloudfront-distribution"]) == (2, 2), made


def kill_in(box: Sandbox, out: Path, part: str, more: int) -> tuple[str, int] | None:
    """Start `deploy`, and kill its process group once this part has begun and so much was written in it; None where it ended before that."""
    head = f"[{PARTS.index(part) + 1}/{len(PARTS)}] {part}"
    with out.open("w") as stream:
        running = subprocess.Popen(
            [*LINKPROOF, "deploy", "dev", "--wait", "0s"], cwd=box.root, env=box.base, stdin=subprocess.DEVNULL,
            stdout=stream, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    before = writes(box)

    def is_over() -> bool:
        return running.poll() is not None

    wait_for(lambda: head in out.read_text() or is_over())
    before = writes(box) if part == "up" else before
    wait_for(lambda: writes(box) >= before + more or is_over())
    if is_over():
        return None
    os.killpg(running.pid, signal.SIGKILL)
    running.wait(60)
    return part, more
