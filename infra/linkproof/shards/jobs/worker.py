"""One of the processes: `python -m linkproof.shards.jobs.worker FD` asks about its share and tells whoever started it."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from linkproof.shards.jobs.messages import Arrival, Departure, Failure, Progress, Report, Task
from linkproof.verify.run import LiveSession

if TYPE_CHECKING:
    from linkproof.verify.observe.live_port import LivePort
    from linkproof.verify.observe.reachability import ReachabilityLog
    from linkproof.verify.survey.rounds import Looked

# Whoever started it is gone, and with it whoever would hear of it.
_LEFT_ALONE = 1


def main(descriptor: int) -> None:
    """Work on the task that comes through an inherited socket, and end with it."""
    line: Connection[Any, Any] = Connection(descriptor)
    try:
        task: Task = line.recv()
        line.send(_worked(line, task))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        os._exit(_LEFT_ALONE)


def _worked(line: Connection[Any, Any], task: Task) -> Report | Failure:
    from linkproof.verify.clock import SystemClock
    from linkproof.verify.event_loop import run
    from linkproof.verify.evidence.writer import EvidenceWriter
    from linkproof.verify.redaction.redact import redact

    company = _Company(line, task.processes)
    try:
        session = _Session(task.options, EvidenceWriter(None), SystemClock(), task.processes)
        session.company = company
        looked = run(_look(line, task, session, company))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except Exception as error:
        return Failure(" ".join(f"{type(error).__name__}: {redact(str(error))}".split()))
    return Report(looked.cells, session.end(looked.rounds, looked.memory), session.sent)


async def _look(line: Connection[Any, Any], task: Task, session: _Session, company: _Company) -> Looked:
    from linkproof.verify.survey.rounds import look

    def tell(said: str) -> None:
        if task.tells_progress:
            line.send(Progress(said))

    # a thread of its own: whatever this one is busy with, it hears at once when nobody is left who would hear of it
    threading.Thread(target=company.listen, args=(asyncio.get_running_loop(),), daemon=True).start()
    return await look(task.expectations, task.options, session, tell, task.share.scope, company)


class _Session(LiveSession):
    """Asks over the network; of each round the others are told who has answered."""

    company: _Company

    def next_port(self) -> LivePort:
        port = super().next_port()
        self.company.reached = port.reached
        return port


class _Company:
    """The others, through the one that started all of them."""

    def __init__(self, line: Connection[Any, Any], processes: int) -> None:
        self.processes = processes
        self.reached: ReachabilityLog | None = None
        self._line = line
        self._waiting: asyncio.Future[Departure] | None = None

    async def meet(self, stage: str, own: Any) -> list[Any]:
        reached = self.reached.answered if self.reached is not None else set()
        self._waiting = asyncio.get_running_loop().create_future()
        self._line.send(Arrival(stage, own, frozenset(reached)))
        departure = await self._waiting
        reached |= departure.answered
        return departure.told

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand over what comes; once nothing ever will, nobody needs the rest of the work."""
        while True:
            try:
                departure = self._line.recv()
            except (EOFError, OSError):
                os._exit(_LEFT_ALONE)
            loop.call_soon_threadsafe(self._go_on, departure)

    def _go_on(self, departure: Departure) -> None:
        assert self._waiting is not None
        self._waiting.set_result(departure)


if __name__ == "__main__":
    main(int(sys.argv[1]))
