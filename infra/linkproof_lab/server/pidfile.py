"""One lab per state folder: the lock that says so, and the process that has it."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linkproof.errors import LinkproofError

from linkproof_lab.settings import LabSettings

MODULE = "linkproof_lab.server"


class AlreadyRunningError(LinkproofError):
    """Another process runs a lab on the same folder."""

    def __init__(self, state_dir: Path, pid: int | None) -> None:
        who = f"process {pid}" if pid else "another process"
        super().__init__(f"a lab already runs on {state_dir} ({who})", "use it, or end it with `linkproof lab down`")
        self.state_dir = state_dir
        self.pid = pid


@contextmanager
def claimed(settings: LabSettings) -> Iterator[None]:
    """Hold the folder and name this process in its pid file.

    The kernel drops the lock with the process, so a crash leaves nothing that has to be cleaned up by hand.

    Raises:
        AlreadyRunningError: another process holds the folder.
    """
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with (settings.state_dir / "lab.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunningError(settings.state_dir, lab_pid(settings)) from error
        settings.pid_file.write_text(f"{os.getpid()}\n")
        try:
            yield
        finally:
            settings.pid_file.unlink(missing_ok=True)


def lab_pid(settings: LabSettings) -> int | None:
    """The process that runs this lab. A pid file of a dead process, or of a number that another program now has, is none."""
    try:
        pid = int(settings.pid_file.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return pid if is_lab(pid, settings.state_dir) else None


def is_lab(pid: int, state_dir: Path) -> bool:
    """Whether this process is the lab of this folder, judged by its command line."""
    arguments = _command_line(pid)
    return MODULE in arguments and str(state_dir.resolve()) in arguments


def _command_line(pid: int) -> list[str]:
    """Empty for a process that is gone or only waits to be reaped."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            return []
    # macOS has no such folder
    answer = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return answer.stdout.split()
