"""`linkproof deploy` with an engine that only notes what it is asked: how often, in which order, and what is left of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from linkproof.declaration.load import require
from linkproof.outputs import outputs
from linkproof.plan.build import build

from tests.commands.cli import REPOSITORY, environment, linkproof

DECLARATION = """version: 1
zones:
  example.org: {dns: manual}
verify: {hints: hints, dns_port: PORT}
links:
  one: {sender: sendgrid, click_host: url1.example.org, owner_host: 1.example.org, phase: branded}
"""
# A preview that is slower than the guard, and says by which end it came.
ENGINE = """#!/bin/sh
echo "$1 $2" >> {root}/asked
case "$1 $2" in
  "stack export") cat {root}/state.json ;;
  "preview --stack")
    echo $$ > {root}/number
    trap 'echo ended >> {root}/asked; exit 1' TERM
    [ -e {root}/slow ] && while :; do sleep 0.05; done
    echo '{{"steps": []}}' ;;
  *) exit 1 ;;
esac
"""
STACK = "urn:pulumi:x::linkproof::pulumi:pulumi:Stack::linkproof-x"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(
        f"name: linkproof\nruntime: python\nbackend: {{url: 'file://{tmp_path}/backend'}}\n"
    )
    (tmp_path / "Pulumi.x.yaml").write_text("config: {}\n")
    (tmp_path / "stacks").mkdir()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        text = DECLARATION.replace("PORT", str(closed.getsockname()[1]))
    (tmp_path / "stacks" / "x.yaml").write_text(text)
    (tmp_path / "hints").write_text(". 3600 IN NS a.\na. 3600 IN A 127.0.0.1\n")
    program = tmp_path / ".cache" / "pulumi" / "current" / "pulumi"
    program.parent.mkdir(parents=True)
    program.write_text(ENGINE.format(root=tmp_path))
    program.chmod(0o755)
    return tmp_path


def deployed(root: Path, **more: Any) -> None:
    """The state of a deployment of what is declared, with other values of its one link."""
    exported = json.loads(json.dumps(outputs(build(require(root / "stacks" / "x.yaml")), str)))
    exported["links"]["one"] |= more
    stack = {"urn": STACK, "type": "pulumi:pulumi:Stack", "outputs": exported}
    (root / "state.json").write_text(json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": [stack]}}))


def asked(root: Path) -> list[str]:
    return (root / "asked").read_text().splitlines()


def test_a_deployment_of_nothing_reads_the_state_once_and_previews_once(root: Path) -> None:
    """Each start of the CLI is a third of a second, and a state in a bucket is fetched each time."""
    deployed(root)
    done = linkproof("deploy", "x", "--wait", "0s", cwd=root)
    assert done.returncode == 3, "no server answers: " + done.stdout + done.stderr
    assert "nothing has to change" in done.stdout
    assert asked(root) == ["stack export", "preview --stack"]
    written = json.loads((root / ".linkproof" / "x" / "expectations.json").read_text())
    assert [record["name"] for record in written["records"]] == ["url1.example.org.", "1.example.org."]
    parts = [line for line in done.stdout.splitlines() if line.startswith("[")]
    assert [part.split()[1] for part in parts] == ["recover", "guard", "preview", "up", "expectations", "verify"]


def test_what_the_guard_refuses_ends_the_preview_that_ran_beside_it(root: Path) -> None:
    deployed(root, phase="secured")
    (root / "slow").touch()
    done = linkproof("deploy", "x", "--yes", cwd=root)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "refused: " in done.stdout
    assert "nothing was deployed" in done.stdout
    assert "preview" not in done.stdout, "nothing of it is told"
    assert asked(root)[:1] == ["stack export"]
    assert set(asked(root)[1:]) <= {"preview --stack", "ended"}, "and nothing else was asked of the engine"
    if (root / "number").exists():  # it may have been ended before it began
        with pytest.raises(ProcessLookupError):
            os.kill(int((root / "number").read_text()), 0)


def test_an_interrupt_of_make_up_ends_the_preview_and_all_that_would_follow(root: Path) -> None:
    deployed(root)
    (root / "slow").touch()
    command = [sys.executable, str(REPOSITORY / "tools" / "up.py"), "x"]
    with subprocess.Popen(command, cwd=root, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as up:  # fmt: skip
        while not (root / "number").exists() and up.poll() is None:
            time.sleep(0.05)
        up.send_signal(signal.SIGINT)
        said, _ = up.communicate(timeout=120)
    assert up.returncode == 130, said
    assert asked(root) == ["stack export", "preview --stack", "ended"], said
    assert said.rstrip().endswith("interrupted: nothing more was asked or changed"), "no summary"
