"""The processes, as whoever started them sees them: what they report, where they wait for each other, and what became of the lost."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from multiprocessing.connection import Pipe, wait
from typing import TYPE_CHECKING, Any

from linkproof.shards.jobs.messages import Arrival, Departure, Failure, Progress, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from typing import Self

    from linkproof.shards.jobs.messages import Task

_MODULE = "linkproof.shards.jobs.worker"


class Member:
    """One process.

    Args:
        number: from 1.
        progress: is told what it is doing.
    """

    def __init__(self, number: int, progress: Callable[[str], None]) -> None:
        self.number, self._progress = number, progress
        self.line: Connection[Any, Any]
        self.line, theirs = Pipe()
        self.report: Report | None = None
        self.failure = ""
        self.arrival: Arrival | None = None
        with theirs:
            # a process group of its own: ^C goes to whoever started it, which ends it
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", _MODULE, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                process_group=0,
            )

    @property
    def is_at_work(self) -> bool:
        return self.report is None and not self.failure

    def say(self, what: Task | Departure) -> None:
        """Tell it what to do, or to go on."""
        self.arrival = None
        # of one that is gone the next look at its line knows more
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.line.send(what)

    def hear(self) -> None:
        """Take one message, or see that none will come."""
        try:
            said = self.line.recv()
        except (EOFError, OSError):
            self.failure = self._how_it_ended()
            return
        if isinstance(said, Progress):
            self._progress(f"{said.line} (process {self.number})")
        elif isinstance(said, Arrival):
            self.arrival = said
        elif isinstance(said, Failure):
            self.failure = said.reason
        else:
            assert isinstance(said, Report)
            self.report = said

    def end(self) -> None:
        """Whatever it is doing."""
        self.line.close()
        self.process.kill()
        self.process.wait()

    def _how_it_ended(self) -> str:
        code = self.process.wait()
        if code >= 0:
            return f"it ended with exit code {code}"
        with contextlib.suppress(ValueError):
            return f"it was ended by {signal.Signals(-code).name}"
        return f"it was ended by signal {-code}"


class Team:
    """All of them; on leaving, none is left.

    Args:
        tasks: one for each.
        progress: is told what they are doing.
    """

    def __init__(self, tasks: Sequence[Task], progress: Callable[[str], None]) -> None:
        self._tasks, self._progress = tasks, progress
        self.members: list[Member] = []

    def __enter__(self) -> Self:
        try:
            for number in range(1, len(self._tasks) + 1):
                self.members.append(Member(number, self._progress))
            for member, task in zip(self.members, self._tasks, strict=True):
                member.say(task)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def work(self) -> None:
        """Until each has reported or is lost."""
        while lines := {member.line: member for member in self._at_work()}:
            # a result is read as it comes, so that nobody waits for room in a pipe
            for line in wait(list(lines)):
                lines[line].hear()  # type: ignore[index]  # no socket and no number was given
            self._let_go()

    def _at_work(self) -> Iterator[Member]:
        return (member for member in self.members if member.is_at_work)

    def _let_go(self) -> None:
        """Once all who are at work have come to the stage, they go on together; the lost are not waited for."""
        there = list(self._at_work())
        arrivals = [member.arrival for member in there if member.arrival is not None]
        if not there or len(arrivals) < len(there):
            return
        answered = frozenset().union(*(one.answered for one in arrivals))
        # each waits and reads: before this has come it says no more than a line or two of progress, which the socket holds
        for member in there:
            member.say(Departure([one.own for one in arrivals], answered))

    def _end(self) -> None:
        for member in self.members:
            member.end()
