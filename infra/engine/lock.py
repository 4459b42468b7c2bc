"""What a killed engine leaves on a file backend: its lock, and at a bad moment only the backup of its state."""

from __future__ import annotations

import json
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock file: who holds it."""

    file: Path
    pid: int
    host: str

    @property
    def holder(self) -> str:
        return f"process {self.pid} on {self.host}"

    @property
    def is_held(self) -> bool | None:
        """Whether the holder lives; None when that cannot be known from this host."""
        if self.host != socket.gethostname():
            return None
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        # The pid may have been given to another program since.
        command = Path(f"/proc/{self.pid}/comm")
        return not command.exists() or "pulumi" in command.read_text()


def locks(backend_url: str, project: str, stack: str) -> list[Lock]:
    """The locks of one stack; none for backends that are not files (those are `pulumi cancel`'s)."""
    root = _folder(backend_url)
    found = []
    for file in sorted((root / "locks").glob(f"*/{project}/{stack}/*.json")) if root else ():
        try:
            document = json.loads(file.read_text())
            found.append(Lock(file, int(document["pid"]), str(document["hostname"])))
        except (OSError, ValueError, KeyError, TypeError):
            found.append(Lock(file, -1, "?"))
    return found


def restore_state(backend_url: str, project: str, stack: str) -> bool:
    """Put a state's backup back when the state itself is gone: the engine moves one away before it writes the next.

    The backup is one step older. A create is written down before it is begun, so nothing made is unknown to it.

    Returns:
        whether there was something to restore.
    """
    root = _folder(backend_url)
    if root is None:
        return False
    restored = False
    for backup in (root / "stacks").glob(f"{project}/{stack}.json.bak"):
        state = backup.with_suffix("")
        if not state.exists() or state.stat().st_size == 0:
            shutil.copyfile(backup, state)
            restored = True
    return restored


def _folder(backend_url: str) -> Path | None:
    return Path(backend_url.removeprefix("file://")) / ".pulumi" if backend_url.startswith("file://") else None
