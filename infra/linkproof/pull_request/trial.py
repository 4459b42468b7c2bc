"""Whether the program runs for a stack: it is started without an engine, with no credential in its environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from linkproof.project import Project

TIMEOUT_SECONDS: Final = 600.0
# All that is handed on: what a Python needs to start. A token of the shell does not reach the program.
_HANDED_ON: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "SYSTEMROOT", "VIRTUAL_ENV", "PYTHONPATH")


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of the program.

    Args:
        error: why it failed; empty where it did not.
        resources: how many of each type it would register.
    """

    stack: str
    error: str = ""
    resources: dict[str, int] = field(default_factory=dict)


def try_program(project: Project, stack: str, timeout_seconds: float = TIMEOUT_SECONDS) -> Trial:
    """Run it once for the stack's config as it is in the working tree. Nothing is asked, made or written."""
    environment = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "linkproof.pull_request.mocked", stack, str(result)],
                cwd=project.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                timeout=timeout_seconds,
            )
        except subprocess.TimeoutExpired:
            return Trial(stack, f"the program did not end within {timeout_seconds:g} s")
        return _read(stack, result, done)


def _read(stack: str, result: Path, done: subprocess.CompletedProcess[str]) -> Trial:
    try:
        document: dict[str, Any] = json.loads(result.read_text())
    except (OSError, ValueError):
        said = done.stderr.strip().splitlines()
        return Trial(stack, f"the program ended with {done.returncode}{f': {said[-1]}' if said else ''}")
    return Trial(stack, str(document.get("error", "")), dict(document.get("resources", {})))
