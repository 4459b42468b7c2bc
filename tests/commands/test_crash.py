"""A fault of linkproof itself: exit 70, nothing is proven."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.commands.cli import REPOSITORY, environment

CRASH = """
import sys
from linkproof.commands import main
def broken(*_, **__):
    raise ZeroDivisionError("at \x1b[31m https://x.test/?token=abcdef")
@main.app.command("crash")
def crash(json: bool = False) -> None:
    broken()
sys.argv = ["linkproof", "crash", *sys.argv[1:]]
main.main()
"""


def crashed(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CRASH, *arguments]
    return subprocess.run(command, env=env, cwd=REPOSITORY, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_a_fault_of_linkproof_is_never_taken_for_a_difference(arguments: list[str]) -> None:
    """By Python's own 1 a script would read `differs`."""
    done = crashed(environment(), *arguments)
    assert done.returncode == 70
    assert re.match(r"error: a fault of linkproof \(infra/\S+:\d+\), nothing is proven: ZeroDivisionError", done.stderr)
    assert "Traceback" not in done.stderr
    assert "abcdef" not in done.stderr + done.stdout
    assert "\x1b" not in done.stderr
    if arguments:
        said = json.loads(done.stdout)["error"]
        assert (said["exit"], "nothing is proven" in said["problem"]) == (70, True)
    whole = crashed({**environment(), "LINKPROOF_TRACEBACK": "1"}, *arguments)
    assert (whole.returncode, "Traceback" in whole.stderr) == (70, True)
