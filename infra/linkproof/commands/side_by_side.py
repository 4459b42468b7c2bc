"""Several stacks, each in a process of its own: what shares a zone or an account one after the other, everything else at once."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TypeVar

from linkproof.declaration.holds import Hold

_LOOK_SECONDS = 0.05
_MOST_AT_ONCE = 4
SIGNALS = (signal.SIGINT, signal.SIGTERM)
Waiting = TypeVar("Waiting")


@dataclass(frozen=True, slots=True)
class Job:
    """One stack.

    Args:
        holds: what it shares with no other that runs.
        command: of the process.
        out: where its standard output goes; `log` where the rest, for people.
    """

    stack: str
    holds: frozenset[Hold]
    command: tuple[str, ...]
    out: Path
    log: Path


@dataclass(slots=True)
class Ended:
    """What became of a job.

    Args:
        code: of the process; None where it was never started.
    """

    stack: str
    code: int | None
    seconds: float = 0.0
    was_asked_to_end: bool = False


@dataclass(slots=True)
class _Running:
    job: Job
    process: subprocess.Popen[bytes]
    began: float = field(default_factory=time.monotonic)


def at_once_by_default() -> int:
    """An engine and its program take a core, and a vendor little of it."""
    return max(1, min(_MOST_AT_ONCE, os.cpu_count() or 1))


def run_all(jobs: Sequence[Job], at_once: int, tell: Callable[[str], None]) -> Iterator[Ended]:
    """Run them, as many at once as may be, in their order; each as it ends, whatever became of the others.

    A first SIGINT or SIGTERM starts no more and is handed to all that run as one ^C, so that each says what stands; a second one is
    handed on as well.
    """
    waiting, running = list(jobs), list[_Running]()
    with _asked() as signals:
        handed = 0
        while waiting or running:
            if len(signals) > handed:
                handed = len(signals)
                tell(f"asked to end: waiting for {', '.join(one.job.stack for one in running) or 'nobody'}")
                for one in running:
                    _interrupt(one.process)
            if signals:
                yield from (Ended(job.stack, None) for job in waiting)
                waiting = []
            held = {hold for one in running for hold in one.job.holds}
            for job in startable(waiting, lambda job: job.holds, held, at_once - len(running)):
                waiting.remove(job)
                running.append(_start(job))
                tell(f"started: {job.stack}")
            over = [one for one in running if one.process.poll() is not None]
            for one in over:
                running.remove(one)
                yield Ended(one.job.stack, one.process.returncode, time.monotonic() - one.began, bool(signals))
            if not over and running:
                time.sleep(_LOOK_SECONDS)


def startable(
    waiting: Sequence[Waiting], holds_of: Callable[[Waiting], frozenset[Hold]], held: AbstractSet[Hold], room: int
) -> list[Waiting]:
    """The next ones; none goes before an earlier one that waits for the same.

    Args:
        held: by those that run.
        room: how many more may run.
    """
    taken, found = set(held), list[Waiting]()
    for one in waiting:
        if len(found) < room and taken.isdisjoint(holds_of(one)):
            found.append(one)
        taken |= holds_of(one)
    return found


def _start(job: Job) -> _Running:
    job.log.parent.mkdir(parents=True, exist_ok=True)
    with job.out.open("wb") as out, job.log.open("wb") as log:
        process = subprocess.Popen(
            job.command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=log,
            env=_environment(),
            start_new_session=True,  # a terminal's ^C is ours to hand on, once
        )
    return _Running(job, process)


def _environment() -> Mapping[str, str]:
    """Where this very linkproof is found, however it was started."""
    import linkproof

    root = str(Path(linkproof.__path__[0]).parent)
    path = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, *([path] if path else [])])}


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """As a terminal does it: the engine and its program get it too."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)


@contextlib.contextmanager
def _asked() -> Iterator[list[int]]:
    signals: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        signals.append(number)

    before = {number: signal.signal(number, note) for number in SIGNALS}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
