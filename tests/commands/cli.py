"""`linkproof` as a person runs it: a process, a folder, an exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.forked import FORKS

REPOSITORY = Path(__file__).resolve().parents[2]

GOOD = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET}
edges:
  aws: {provider: cloudfront}
links:
  one: {sender: sendgrid, click_host: url1.example.net, owner_host: 1234567.example.net, edge: aws, phase: PHASE}
"""


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(REPOSITORY / "infra"), "COLUMNS": "200", "NO_COLOR": "1"}


def program_of(*arguments: str) -> list[str]:
    """The command with its arguments, for a test that starts it in its own way, with `environment()`."""
    return [sys.executable, "-m", "linkproof.commands.main", *arguments]


def linkproof(*arguments: str, cwd: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    return FORKS.run(list(arguments), cwd, environment(), timeout_seconds=120)


def good(phase: str = "branded") -> str:
    return GOOD.replace("PHASE", phase)


def refused(*arguments: str, cwd: Path) -> str:
    done = linkproof(*arguments, cwd=cwd)
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr
