"""UDP questions by the thousand: a few connected sockets for each server, read until they are empty."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections import deque
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import NoReply
from linkproof.verify.observe.dns.fast_reader import FastReader
from linkproof.verify.observe.dns.message import NotOurAnswerError, decode
from linkproof.verify.observe.dns.timer_wheel import Wheel
from linkproof.verify.observe.error_text import reason_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.observe.dns.query import Query
    from linkproof.verify.observe.dns.timer_wheel import Timed

# All sockets together: with all connections some 1,050 files, for which `linkproof.verify.event_loop` makes room.
SOCKETS = 400
# Of one server: more would be woken more often for less; each has a random port of its own (RFC 5452 §9.2).
_SOCKETS_OF_AN_ADDRESS = 4
_UNDER_WAY_ON_A_SOCKET = 25
# Then another port takes over.
_QUESTIONS_OF_A_SOCKET = 512
# Before other servers' sockets get their turn.
_DRAINED_AT_ONCE = 64
_RECEIVE_OCTETS = 1 << 20
_SWEEP_SECONDS = 0.5
_FULL_BUFFER_SECONDS = 0.002
# Datagrams are at most this long; read into one buffer, for nothing is kept there.
_buffer = bytearray(65_535)
_view = memoryview(_buffer)


class Flight:
    """A question under way.

    Args:
        done: is told the answer, once; never while `DatagramPool.send` still runs.
    """

    __slots__ = ("done", "ignored", "malformed", "query", "slot", "socket", "started", "strays", "vantage")

    def __init__(self, query: Query, vantage: Vantage, done: Callable[[Answer], None]) -> None:
        self.query, self.vantage, self.done = query, vantage, done
        self.ignored = self.malformed = self.strays = 0
        self.started = 0.0
        self.slot: set[Timed] | None = None
        self.socket: _Socket | None = None

    def expired(self) -> None:
        if self.socket is not None:
            self.socket.expire(self)

    def passed_over(self) -> int:
        """Packets that came to its port meanwhile and answered nothing that was asked."""
        return self.ignored + (self.socket.strays - self.strays if self.socket else 0)

    def failed(self, kind: Literal["timeout", "refused", "unreachable", "malformed"], detail: str) -> None:
        query = self.query
        self.done(NoReply(query.name, query.type, self.vantage, kind, detail, self.passed_over(), self.malformed))


class DatagramPool:
    """Sends questions and hands each answer to its question.

    Args:
        timeout_seconds: until a question without an answer fails.
    """

    def __init__(self, timeout_seconds: float) -> None:
        self.wheel = Wheel(timeout_seconds)
        self.reader = FastReader()
        self.strays = 0
        self._sockets: dict[tuple[str, int], list[_Socket]] = {}
        self._open: set[_Socket] = set()
        self._waiting: deque[tuple[Flight, int]] = deque()
        self._sweeper: asyncio.TimerHandle | None = None

    def send(self, flight: Flight, port: int) -> None:
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
        if chosen.asked >= _QUESTIONS_OF_A_SOCKET:
            sockets.remove(chosen)

    def _another(self, sockets: list[_Socket], where: tuple[str, int], flight: Flight) -> _Socket | None:
        """A new socket; one that is there already where there are too many; None where the question must wait or has failed."""
        if len(self._open) >= SOCKETS and not self._sweep_one():
            if sockets:
                return min(sockets, key=_under_way)
            self._waiting.append((flight, where[1]))
            return None
        try:
            opened = _Socket(self, where)
        except OSError as error:
            _soon(flight.failed, "unreachable", reason_of(error))
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

    def closed(self, one: _Socket) -> None:
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
            if len(self._open) >= SOCKETS and not self._sweep_one():
                return
            self.send(*self._waiting.popleft())


class _Socket:
    """One connected socket: the kernel compares the source address and port of all that it hands over."""

    __slots__ = ("_loop", "_pool", "_socket", "asked", "is_idle", "late", "pending", "strays", "where")

    def __init__(self, pool: DatagramPool, where: tuple[str, int]) -> None:
        address, _ = where
        self._pool, self.where = pool, where
        self._loop = asyncio.get_running_loop()
        self.pending: dict[int, Flight] = {}
        # questions that were given up: their answers are late, not forged
        self.late: set[int] = set()
        self.asked = self.strays = 0
        self.is_idle = False
        self._socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_OCTETS)
            self._socket.connect(where)
        except OSError:
            self._socket.close()
            raise
        self._loop.add_reader(self._socket.fileno(), self._readable)

    def send(self, flight: Flight) -> None:
        identity = flight.query.id
        while identity in self.pending or identity in self.late:
            flight.query = flight.query.again()
            identity = flight.query.id
        self.asked += 1
        self.is_idle = False
        self.pending[identity] = flight
        flight.socket, flight.strays = self, self.strays
        self._pool.wheel.add(flight)
        self._transmit(flight)

    def _transmit(self, flight: Flight) -> None:
        flight.started = time.monotonic()
        try:
            try:
                self._socket.send(flight.query.wire)
            except ConnectionRefusedError:
                # this is the answer to an earlier packet, and taking note of it has cleared it
                _soon(self._refused, "refused", "nothing listens there")
                self._socket.send(flight.query.wire)
        except (BlockingIOError, InterruptedError):
            self._loop.call_later(_FULL_BUFFER_SECONDS, self._transmit_again, flight)
        except ConnectionRefusedError:
            return
        except OSError as error:
            del self.pending[flight.query.id]
            self._end(flight)
            _soon(flight.failed, "unreachable", reason_of(error))

    def _transmit_again(self, flight: Flight) -> None:
        if self.pending.get(flight.query.id) is flight:
            self._transmit(flight)

    def expire(self, flight: Flight) -> None:
        if self.pending.get(flight.query.id) is flight:
            del self.pending[flight.query.id]
            self.late.add(flight.query.id)
            flight.failed("timeout", "")
            self._rest()

    def close(self) -> None:
        self.pending = {}
        with contextlib.suppress(OSError, ValueError):
            self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _readable(self) -> None:
        receive = self._socket.recv_into
        for _ in range(_DRAINED_AT_ONCE):
            try:
                count = receive(_buffer)
            except (BlockingIOError, InterruptedError):
                break
            except ConnectionRefusedError:
                self._refused("refused", "nothing listens there")
                break
            except OSError as error:
                self._refused("unreachable", reason_of(error))
                break
            self._take(bytes(_view[:count]))
        self._rest()

    def _take(self, packet: bytes) -> None:
        identity = packet[0] << 8 | packet[1] if len(packet) >= 12 else -1
        flight = self.pending.get(identity)
        if flight is None:
            if identity in self.late:
                self.late.discard(identity)
            else:
                self.strays += 1
                self._pool.strays += 1
            return
        seconds, ignored = time.monotonic() - flight.started, flight.passed_over()
        query, vantage = flight.query, flight.vantage
        reply = self._pool.reader.read(packet, query, vantage, seconds=seconds, ignored_packets=ignored)
        if reply is None:
            try:
                reply = decode(packet, query, vantage, seconds=seconds, ignored_packets=ignored)
            except NotOurAnswerError as error:
                flight.ignored += 1
                flight.malformed += error.is_malformed
                self._pool.strays += 1
                return
        del self.pending[identity]
        self._end(flight)
        flight.done(reply)

    def _refused(self, kind: Literal["refused", "unreachable"], detail: str) -> None:
        """An error comes for the address and not for one packet: it is the end of all that is under way there."""
        flights, self.pending = list(self.pending.values()), {}
        for flight in flights:
            self._end(flight)
            flight.failed(kind, detail)

    @staticmethod
    def _end(flight: Flight) -> None:
        if flight.slot is not None:
            flight.slot.discard(flight)
            flight.slot = None

    def _rest(self) -> None:
        if not self.pending and self.asked >= _QUESTIONS_OF_A_SOCKET:
            self._pool.closed(self)
        if not self.pending:
            self._pool.send_waiting()


def _under_way(one: _Socket) -> int:
    return len(one.pending)


def _soon(call: Callable[..., None], *arguments: object) -> None:
    asyncio.get_running_loop().call_soon(call, *arguments)
