"""One connected UDP socket, and the questions under way on it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import NoUsableReply
from linkproof.verify.observe.dns.message import NotOurAnswerError, decode
from linkproof.verify.observe.error_text import error_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.observe.dns.datagram_pool import DatagramPool
    from linkproof.verify.observe.dns.query import Query
    from linkproof.verify.observe.dns.timer_wheel import TimerEntry

# Then another port takes over.
_QUESTIONS_OF_A_SOCKET = 512
# Before other servers' sockets get their turn.
_DRAINED_AT_ONCE = 64
_RECEIVE_OCTETS = 1 << 20
_FULL_BUFFER_SECONDS = 0.002
# Datagrams are at most this long; read into one buffer, for nothing is kept there.
_buffer = bytearray(65_535)
_view = memoryview(_buffer)


class InFlightQuery(ABC):
    """A question under way, and who waits for its answer."""

    __slots__ = ("ignored", "malformed", "query", "slot", "socket", "started", "strays", "vantage")

    def __init__(self, query: Query, vantage: Vantage) -> None:
        self.query, self.vantage = query, vantage
        self.ignored = self.malformed = self.strays = 0
        self.started = 0.0
        self.slot: set[TimerEntry] | None = None
        self.socket: DatagramSocket | None = None

    @abstractmethod
    def done(self, answer: Answer) -> None:
        """Take the answer: called once, and never while `DatagramPool.send` still runs."""

    def expired(self) -> None:
        if self.socket is not None:
            self.socket.expire(self)

    def passed_over(self) -> int:
        """Packets that came to its port meanwhile and answered nothing that was asked."""
        return self.ignored + (self.socket.strays - self.strays if self.socket else 0)

    def failed(self, kind: Literal["timeout", "refused", "unreachable", "malformed"], detail: str) -> None:
        query = self.query
        self.done(NoUsableReply(query.name, query.type, self.vantage, kind, detail, self.passed_over(), self.malformed))


class DatagramSocket:
    """One connected socket: the kernel compares the source address and port of all that it hands over."""

    __slots__ = ("_loop", "_pool", "_socket", "asked", "is_idle", "late", "pending", "strays", "where")

    def __init__(self, pool: DatagramPool, where: tuple[str, int]) -> None:
        address, _ = where
        self._pool, self.where = pool, where
        self._loop = asyncio.get_running_loop()
        self.pending: dict[int, InFlightQuery] = {}
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

    @property
    def is_used_up(self) -> bool:
        """Whether another port should take over."""
        return self.asked >= _QUESTIONS_OF_A_SOCKET

    def send(self, flight: InFlightQuery) -> None:
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

    def _transmit(self, flight: InFlightQuery) -> None:
        flight.started = time.monotonic()
        try:
            try:
                self._socket.send(flight.query.wire)
            except ConnectionRefusedError:
                # this is the answer to an earlier packet, and taking note of it has cleared it
                call_soon(self._refused, "refused", "nothing listens there")
                self._socket.send(flight.query.wire)
        except (BlockingIOError, InterruptedError):
            self._loop.call_later(_FULL_BUFFER_SECONDS, self._transmit_again, flight)
        except ConnectionRefusedError:
            return
        except OSError as error:
            del self.pending[flight.query.id]
            self._end(flight)
            call_soon(flight.failed, "unreachable", error_text(error))

    def _transmit_again(self, flight: InFlightQuery) -> None:
        if self.pending.get(flight.query.id) is flight:
            self._transmit(flight)

    def expire(self, flight: InFlightQuery) -> None:
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
                self._refused("unreachable", error_text(error))
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
    def _end(flight: InFlightQuery) -> None:
        if flight.slot is not None:
            flight.slot.discard(flight)
            flight.slot = None

    def _rest(self) -> None:
        if not self.pending and self.is_used_up:
            self._pool.closed(self)
        if not self.pending:
            self._pool.send_waiting()


def call_soon(call: Callable[..., None], *arguments: object) -> None:
    asyncio.get_running_loop().call_soon(call, *arguments)
