"""Which engine ran this project's program, and in which namespace of process ids.

A lock names its holder by number and host name alone. In a container another engine may have the same number under the
same host name and cannot be seen; with this note it is known that the holder was one that can be.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from linkproof.engine import processes
from linkproof.errors import LinkproofError
from linkproof.project import Project

# Set for a preview alone: it takes no lock, so nobody will ask whose it was, and it is to write nothing.
UNWANTED: Final = "LINKPROOF_NO_NOTE"
_KEPT = 20


@dataclass(frozen=True, slots=True)
class Note:
    """One engine.

    Args:
        started: clock ticks since the kernel's start.
        at: seconds since the epoch, when its program last began.
    """

    pid: int
    started: int
    started_at: float
    namespace: str
    boot_id: str
    at: float


def leave_note(stack: str) -> None:
    """Called by the program. Where nothing can be seen or written nothing is: a lock is then of an unknown holder."""
    if UNWANTED in os.environ or not processes.can_be_seen():
        return
    engine = processes.engine_above(os.getppid())
    namespace, boot_id = processes.namespace(), processes.boot_id()
    folder = engine.folder() if engine is not None else None
    if engine is None or folder is None or namespace is None or boot_id is None:
        return
    note = Note(engine.pid, engine.started, engine.started_at, namespace, boot_id, time.time())
    with contextlib.suppress(OSError, LinkproofError):
        home = _folder(Project.find(folder), stack)
        home.mkdir(parents=True, exist_ok=True)
        fresh = home / f".{os.getpid()}.new"
        fresh.write_text(json.dumps(asdict(note)))
        fresh.replace(home / f"{engine.pid}.json")
        for old in sorted(home.glob("*.json"), key=lambda file: file.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)


def read_note(project: Project, stack: str, pid: int) -> Note | None:
    """The note of the engine of that number; None when there is none, or it cannot be read."""
    try:
        return Note(**json.loads((_folder(project, stack) / f"{pid}.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _folder(project: Project, stack: str) -> Path:
    return project.work_dir(stack) / "engines"
