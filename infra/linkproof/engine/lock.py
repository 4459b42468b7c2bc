"""The locks of a stack on a file backend, and whether their holders live."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from linkproof.engine import processes
from linkproof.engine.note import Note
from linkproof.engine.processes import Process

# Between a lock's own time and what the kernel says of its holder: both are right to a second, and clocks are corrected.
_SLACK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock file: who holds it.

    Args:
        pid: of the holder, in the holder's own namespace of process ids.
        at: seconds since the epoch, when it was taken; None where it does not say.
    """

    file: Path
    pid: int
    host: str
    at: float | None = None

    @property
    def holder(self) -> str:
        return f"process {self.pid} on {self.host}"

    def is_held(self, note: Note | None = None) -> bool | None:
        """Whether the holder lives; None when that cannot be known from here.

        A number that no process has is a dead holder's only where the holder would be seen. From inside a container it
        would not be, if it runs in another one of the same host name.

        Args:
            note: what the program of the engine of that number left behind.
        """
        if self.pid < 1 or self.host != socket.gethostname():
            return None
        if not processes.can_be_seen():
            return _answers(self.pid)
        if self.at is not None and self.at + _SLACK_SECONDS < processes.booted_at():
            return False  # nothing on this host has lived longer than its kernel
        if any(self._may_be(seen) for seen in processes.processes()):
            return True
        if processes.every_process_is_seen() or (note is not None and self._is_of(note)):
            return False
        return None

    def _may_be(self, seen: Process) -> bool:
        if self.pid not in seen.pids or not seen.is_engine:
            return False
        # The number may have been given to another engine since.
        return self.at is None or seen.started_at <= self.at + _SLACK_SECONDS

    def _is_of(self, note: Note) -> bool:
        """Whether the note's engine held this lock, in the namespace that is seen from here."""
        return (
            self.at is not None
            and note.pid == self.pid
            and note.boot_id == processes.boot_id()
            and note.namespace == processes.namespace()
            and note.started_at <= self.at + _SLACK_SECONDS
            and note.at >= self.at - _SLACK_SECONDS
        )


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def locks(folder: Path | None, project: str, stack: str) -> list[Lock]:
    """The locks of one stack.

    Args:
        folder: of the backend; None for backends that are not files (their locks are `pulumi cancel`'s).
    """
    found = []
    for file in sorted((folder / "locks").glob(f"*/{project}/{stack}/*.json")) if folder else ():
        try:
            document = json.loads(file.read_text())
            found.append(Lock(file, int(document["pid"]), str(document["hostname"]), _time(document.get("timestamp"))))
        except (OSError, ValueError, KeyError, TypeError):
            found.append(Lock(file, -1, "?"))
    return found


def _time(text: object) -> float | None:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except ValueError:
        return None
