"""UDP questions by the thousand: a few connected sockets for each server, read until they are empty."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

from linkproof.verify.observe.dns.datagram_socket import DatagramSocket, InFlightQuery, call_soon
from linkproof.verify.observe.dns.fast_reader import FastReader
from linkproof.verify.observe.dns.timer_wheel import TimerWheel
from linkproof.verify.observe.error_text import error_text

# All sockets together: with all connections some 1,050 files, for which `linkproof.verify.event_loop` makes room.
SOCKETS = 400
# Of one server: more would be woken more often for less; each has a random port of its own (RFC 5452 §9.2).
_SOCKETS_OF_AN_ADDRESS = 4
_UNDER_WAY_ON_A_SOCKET = 25
_SWEEP_SECONDS = 0.5


class DatagramPool:
    """Sends questions and hands each answer to its question.

    Args:
        timeout_seconds: until a question without an answer fails.
        sockets: how many are open at most, all servers together.
    """

    def __init__(self, timeout_seconds: float, sockets: int = SOCKETS) -> None:
        self._most = sockets
        self.wheel = TimerWheel(timeout_seconds)
        self.reader = FastReader()
        self.strays = 0
        self._sockets: dict[tuple[str, int], list[DatagramSocket]] = {}
        self._open: set[DatagramSocket] = set()
        self._waiting: deque[tuple[InFlightQuery, int]] = deque()
        self._sweeper: asyncio.TimerHandle | None = None

    def send(self, flight: InFlightQuery, port: int) -> None:
        """Send a question from a port of its server's sockets; its `done` is called later, whatever happens."""
        where = (flight.vantage.address, port)
        sockets = self._sockets.get(where)
        if sockets is None:
            sockets = self._sockets[where] = []
        chosen = None
        for one in sockets:
            if len(one.pending) < _UNDER_WAY_ON_A_SOCKET:
                chosen = one
                break
        else:
            if len(sockets) == _SOCKETS_OF_AN_ADDRESS:
                chosen = min(sockets, key=_under_way)
        if chosen is None:
            chosen = self._another(sockets, where, flight)
            if chosen is None:
                return
        chosen.send(flight)
        if chosen.is_used_up:
            sockets.remove(chosen)

    def _another(
        self, sockets: list[DatagramSocket], where: tuple[str, int], flight: InFlightQuery
    ) -> DatagramSocket | None:
        """A new socket; one that is there already where there are too many; None where the question must wait or has failed."""
        if len(self._open) >= self._most and not self._sweep_one():
            if sockets:
                return min(sockets, key=_under_way)
            self._waiting.append((flight, where[1]))
            return None
        try:
            opened = DatagramSocket(self, where)
        except OSError as error:
            call_soon(flight.failed, "unreachable", error_text(error))
            return None
        sockets.append(opened)
        self._open.add(opened)
        self._sweep_later()
        return opened

    def close(self) -> None:
        """Close every socket; questions under way are given up silently."""
        self.wheel.close()
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        for one in list(self._open):
            self.closed(one)

    def closed(self, one: DatagramSocket) -> None:
        one.close()
        self._open.discard(one)
        with contextlib.suppress(ValueError):
            self._sockets.get(one.where, []).remove(one)

    def _sweep_later(self) -> None:
        if self._sweeper is None:
            self._sweeper = asyncio.get_running_loop().call_later(_SWEEP_SECONDS, self._sweep)

    def _sweep(self) -> None:
        """Close what has been idle since the last time."""
        self._sweeper = None
        for one in list(self._open):
            if one.pending:
                one.is_idle = False
            elif one.is_idle:
                self.closed(one)
            else:
                one.is_idle = True
        self.send_waiting()
        if self._open:
            self._sweep_later()

    def _sweep_one(self) -> bool:
        idle = next((one for one in self._open if not one.pending), None)
        if idle is not None:
            self.closed(idle)
        return idle is not None

    def send_waiting(self) -> None:
        """Questions that found every socket of the process busy with other servers."""
        for _ in range(len(self._waiting)):
            if len(self._open) >= self._most and not self._sweep_one():
                return
            self.send(*self._waiting.popleft())


def _under_way(one: DatagramSocket) -> int:
    return len(one.pending)
