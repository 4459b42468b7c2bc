"""The lock that a killed engine leaves on a file backend."""

from __future__ import annotations

import json
import os
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


def locks(backend_url: str, stack: str) -> list[Lock]:
    """The locks of one stack; none for backends that are not files (those are `pulumi cancel`'s)."""
    if not backend_url.startswith("file://"):
        return []
    root = Path(backend_url.removeprefix("file://")) / ".pulumi" / "locks"
    found = []
    for file in sorted(root.glob(f"**/{stack}/*.json")):
        try:
            document = json.loads(file.read_text())
            found.append(Lock(file, int(document["pid"]), str(document["hostname"])))
        except (OSError, ValueError, KeyError):
            found.append(Lock(file, -1, "?"))
    return found
