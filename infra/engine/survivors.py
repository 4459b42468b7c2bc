"""What outlives a killed engine: providers, which may still be creating something, and its language host, which waits for ever."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from infra.errors import LinkproofError

PROVIDERS = ("pulumi-resource-", "infra.lab.providers.")
LANGUAGE_HOSTS = ("pulumi-language-",)
WAIT_SECONDS = 20.0


def wait_for_survivors(root: Path, seconds: float = WAIT_SECONDS) -> None:
    """Wait until no orphaned provider works in this project, and end the orphaned language hosts.

    A language host without its engine can register nothing more; some wait for ever.

    Raises:
        LinkproofError: a provider still works after `seconds`.
    """
    for pid in _orphans(root, LANGUAGE_HOSTS):
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + seconds
    while alive := _orphans(root, PROVIDERS):
        if time.monotonic() > until:
            raise LinkproofError(
                f"providers of the killed engine still work: {', '.join(map(str, alive))}",
                "wait for them, or end them, and run this again",
            )
        time.sleep(0.1)


def _orphans(root: Path, marks: tuple[str, ...]) -> list[int]:
    """Processes that an engine started, in this project's folder, whose parent is no engine any more."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = _command(folder)
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            inside = (folder / "cwd").resolve().is_relative_to(root) or f"{root}/" in command
            engine = Path(_command(Path("/proc") / parent).split(" ")[0]).name == "pulumi"
        except OSError:
            continue  # it has ended, or is not ours to look at
        if inside and not engine and any(mark in command for mark in marks):
            found.append(int(folder.name))
    return found


def _command(folder: Path) -> str:
    return (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
