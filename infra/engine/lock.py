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
    """Mend what a kill in the middle of writing a state leaves behind.

    The engine moves a state to its backup before it writes the next, and each file has a small one of attributes
    beside it, written in place. A state that is gone or torn is put back from its backup, which is one step older: a
    create is written down before it is begun, so nothing made is unknown to it. Torn attributes are removed; the
    backend does without.

    Returns:
        whether there was something to mend.
    """
    root = _folder(backend_url)
    if root is None:
        return False
    mended = False
    for attributes in [*(root / "stacks" / project).glob(f"{stack}.json*.attrs"), *root.glob(f"*/**/{stack}/*.attrs")]:
        if not _is_json(attributes):
            attributes.unlink(missing_ok=True)
            mended = True
    state = root / "stacks" / project / f"{stack}.json"
    backup = state.with_name(f"{state.name}.bak")
    if _is_json(backup) and not _is_json(state):
        shutil.copyfile(backup, state)
        mended = True
    return mended


def _is_json(file: Path) -> bool:
    try:
        json.loads(file.read_bytes())
    except (OSError, ValueError):
        return False
    return True


def _folder(backend_url: str) -> Path | None:
    return Path(backend_url.removeprefix("file://")) / ".pulumi" if backend_url.startswith("file://") else None
