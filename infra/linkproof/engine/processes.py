"""Processes as Linux shows them: who they are, since when, and in which namespace of process ids."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROC = Path("/proc")
# The kernel's fixed number (include/linux/proc_ns.h, PROC_PID_INIT_INO) of the namespace in which every process is seen.
FIRST_NAMESPACE = "pid:[4026531836]"
_ENDED = ("Z", "X")


@dataclass(frozen=True, slots=True)
class Process:
    """One process.

    Args:
        pid: as seen from here.
        pids: its numbers, from here inwards to its own namespace.
        started: clock ticks since the kernel's start; with the pid it names a process for good.
        arguments: its command line, an argument each.
    """

    pid: int
    pids: tuple[int, ...]
    parent: int
    name: str
    started: int
    arguments: tuple[str, ...]

    @property
    def is_engine(self) -> bool:
        return is_engine_name(self.name) or (
            bool(self.arguments) and is_engine_name(Path(self.arguments[0]).name) and "python" not in self.name
        )

    @property
    def started_at(self) -> float:
        """Seconds since the epoch, right to about a second."""
        return booted_at() + self.started / os.sysconf("SC_CLK_TCK")

    def folder(self) -> Path | None:
        """Where it works; None when it has ended or is not ours to look at."""
        try:
            return (PROC / str(self.pid) / "cwd").readlink()
        except OSError:
            return None

    def environment(self) -> dict[str, str] | None:
        """As it was started with; None when it has ended or is not ours to look at."""
        try:
            raw = (PROC / str(self.pid) / "environ").read_bytes()
        except OSError:
            return None
        pairs = (entry.partition("=") for entry in raw.decode(errors="replace").split("\0"))
        return {name: value for name, sign, value in pairs if sign}


def is_engine_name(name: str) -> bool:
    """`pulumi`, but none of the processes that it starts."""
    return name.startswith("pulumi") and not name.startswith(("pulumi-language", "pulumi-resource", "pulumi-analyzer"))


def can_be_seen() -> bool:
    """Whether this system shows its processes."""
    return (PROC / "self" / "stat").exists()


def process(pid: int) -> Process | None:
    """None when there is none of that number, or it has ended and nobody has asked how."""
    folder = PROC / str(pid)
    try:
        fields = (folder / "stat").read_text(errors="replace")
        rest = fields.rpartition(")")[2].split()
        name = fields.partition("(")[2].rpartition(")")[0]
        raw = (folder / "cmdline").read_bytes().decode(errors="replace")
        status = (folder / "status").read_text(errors="replace")
    except OSError:
        return None
    if rest[0] in _ENDED:
        return None
    pids = next((line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:")), [str(pid)])
    return Process(
        pid, tuple(map(int, pids)), int(rest[1]), name, int(rest[19]), tuple(raw.removesuffix("\0").split("\0"))
    )


def processes() -> Iterator[Process]:
    for folder in PROC.glob("[0-9]*"):
        found = process(int(folder.name))
        if found is not None:
            yield found


def engine_above(pid: int) -> Process | None:
    """The nearest engine among the process's ancestors."""
    seen: set[int] = set()
    while pid > 1 and pid not in seen:
        seen.add(pid)
        found = process(pid)
        if found is None:
            return None
        if found.is_engine:
            return found
        pid = found.parent
    return None


def namespace() -> str | None:
    """The namespace of process ids in which this process sees others."""
    try:
        return str((PROC / "self" / "ns" / "pid").readlink())
    except OSError:
        return None


def every_process_is_seen() -> bool:
    """Whether no process of this kernel is hidden in a namespace beside or above ours."""
    return namespace() == FIRST_NAMESPACE


@cache
def boot_id() -> str | None:
    try:
        return (PROC / "sys" / "kernel" / "random" / "boot_id").read_text().strip()
    except OSError:
        return None


@cache
def booted_at() -> float:
    """Seconds since the epoch."""
    lines = (PROC / "stat").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("btime ")))
