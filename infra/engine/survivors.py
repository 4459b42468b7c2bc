"""Providers and language hosts that outlive a killed engine: one may still be creating something."""

from __future__ import annotations

import time
from pathlib import Path

from infra.errors import LinkproofError

_MARKS = ("pulumi-resource-", "pulumi-language-", "infra.lab.providers.")
WAIT_SECONDS = 20.0


def wait_for_survivors(root: Path, seconds: float = WAIT_SECONDS) -> None:
    """Wait until no orphan of an engine works in this project.

    Raises:
        LinkproofError: one still does after `seconds`.
    """
    until = time.monotonic() + seconds
    while alive := _survivors(root):
        if time.monotonic() > until:
            raise LinkproofError(
                f"processes of the killed engine still work: {', '.join(map(str, alive))}",
                "wait for them, or end them, and run this again",
            )
        time.sleep(0.1)


def _survivors(root: Path) -> list[int]:
    """Orphans (their parent is process 1) of an engine, with their working folder inside the project."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            inside = (folder / "cwd").resolve().is_relative_to(root)
        except OSError:
            continue  # it has ended, or is not ours to look at
        if parent == "1" and inside and any(mark in command for mark in _MARKS):
            found.append(int(folder.name))
    return found
