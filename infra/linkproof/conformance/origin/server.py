"""The origin: listens, records every request before it answers, and answers as ordered."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import ssl
import struct
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from linkproof.conformance.origin import arrival, echo
from linkproof.conformance.origin.orders import Order
from linkproof.conformance.origin.reading import (
    MOST_HEAD_OCTETS,
    Head,
    UnreadableRequestError,
    read_body,
    read_head,
)
from linkproof.conformance.origin.recorded import Recorded

_MOST_RECORDS = 20_000
_MOST_ORDERS = 2_000
_CLOSE_SECONDS = 0.1
_GARBAGE = b"this is not HTTP\r\nLocation: https://elsewhere.example/\r\n\r\n"
_NO_BODY = frozenset({204, 304})


@dataclass(eq=False)
class _Connection:
    """Args:
    number: from 1.
    """

    number: int
    peer: str
    at: str
    proxy: str = ""
    tls: str = ""
    sni: str = ""
    requests: int = 0


class RecordingOrigin:
    """One origin at any number of addresses, each of which takes TLS and plain HTTP on the same port.

    Args:
        right: what it shows over TLS; None where it has no certificate, and TLS is closed.
        wrong: shown in its place while `is_wrong`.
    """

    def __init__(self, right: ssl.SSLContext | None = None, wrong: ssl.SSLContext | None = None) -> None:
        self.records: deque[Recorded] = deque(maxlen=_MOST_RECORDS)
        self.orders: dict[str, Order] = {}
        self.secret = secrets.token_urlsafe(24)
        self.is_wrong = False
        self.has_wrong = wrong is not None
        self._right, self._wrong = right, wrong
        self._names: dict[int, str] = {}
        self._lost: dict[str, int] = {}
        self._connections = self._requests = 0
        self._listening: list[tuple[str, int]] = []
        self._sockets: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._accepting: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        for context in (right, wrong):
            if context is not None:
                context.sni_callback = self._named

    async def listen(self, address: str, port: int = 0) -> int:
        """Serve one more address, IPv4 or IPv6.

        Returns:
            the port.

        Raises:
            OSError: it is not this machine's, or taken.
        """
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        sock = socket.create_server((address, port), family=family, backlog=256)
        sock.setblocking(False)
        port = sock.getsockname()[1]
        self._sockets.append(sock)
        self._listening.append((address, port))
        self._spawn(self._accept(sock), self._accepting)
        return port

    @property
    def listening(self) -> tuple[tuple[str, int], ...]:
        return tuple(self._listening)

    async def refuse(self) -> None:
        """Close every port and connection, as an origin that is down."""
        await _end(self._accepting)
        for sock in self._sockets:
            sock.close()
        self._sockets.clear()
        await self.drop()

    async def resume(self) -> None:
        """Listen again where it listened before `refuse`."""
        before, self._listening = self._listening, []
        for address, port in before:
            await self.listen(address, port)

    async def drop(self) -> None:
        """Close every connection that is open."""
        await _end(self._tasks)

    async def stop(self) -> None:
        await self.refuse()
        self._listening.clear()

    def _spawn(self, job: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]) -> None:
        task = asyncio.ensure_future(job)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def _named(self, connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        self._names[id(connection)] = name or ""

    async def _accept(self, sock: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, peer = await loop.sock_accept(sock)
            except OSError:
                await asyncio.sleep(0.05)  # out of file descriptors, or a client that went at once
                continue
            accepted.setblocking(False)
            # asyncio does so only for sockets whose protocol is said, and these say 0: each answer would take 40 ms
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._spawn(self._connection(accepted, str(peer[0])), self._tasks)

    async def _connection(self, sock: socket.socket, peer: str) -> None:
        self._connections += 1
        connection = _Connection(self._connections, peer, str(sock.getsockname()[0]))
        writer: asyncio.StreamWriter | None = None
        try:
            is_tls, connection.proxy = await arrival.begin(sock)
            context = (self._wrong if self.is_wrong else self._right) if is_tls else None
            if is_tls and context is None:
                return
            reader, writer = await _streams(sock, context)
            handshake = writer.get_extra_info("ssl_object")
            if handshake is not None:
                connection.tls = str(handshake.version())
                connection.sni = self._names.pop(id(handshake), "")
            await self._requests_of(connection, reader, writer)
        except (OSError, EOFError, UnreadableRequestError, asyncio.LimitOverrunError):
            pass  # whoever asks a port may leave at any point
        finally:
            if writer is not None:
                writer.close()
            else:
                sock.close()

    async def _requests_of(
        self, connection: _Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while (head := await read_head(reader)) is not None:
            if head.value("expect").lower() == "100-continue":
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = await read_body(reader, head)
            target = head.line.partition(" ")[2].rpartition(" ")[0]
            if target.startswith(f"/{self.secret}/"):
                writer.write(echo.answer(self, head, target.removeprefix(f"/{self.secret}/"), body))
                await writer.drain()
                return
            self._record(connection, head, body)
            key, order = self._order(target)
            if not await self._act(key, order, head, reader, writer) or not head.keeps:
                return

    def _record(self, connection: _Connection, head: Head, body: bytes) -> None:
        self._requests += 1
        connection.requests += 1
        self.records.append(
            Recorded(
                number=self._requests,
                connection=connection.number,
                nth=connection.requests,
                line=head.line,
                headers=head.headers,
                body=body.decode("latin-1"),
                tls=connection.tls,
                sni=connection.sni,
                proxy=connection.proxy,
                peer=connection.peer,
                at=connection.at,
            )
        )

    def order(self, key: str, order: Order | None) -> None:
        """How to answer requests whose target holds this text, empty for all others; None takes the order back."""
        self._lost.pop(key, None)
        self.orders.pop(key, None)
        if order is not None:
            while len(self.orders) >= _MOST_ORDERS:
                self.orders.pop(next(iter(self.orders)))
            self.orders[key] = order

    def _order(self, target: str) -> tuple[str, Order]:
        """The newest one that fits: an exact one is given after a general one."""
        for key in reversed(self.orders):
            if key and key in target:
                return key, self.orders[key]
        return "", self.orders.get("", Order())

    async def _act(
        self, key: str, order: Order, head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Do as ordered; False where the connection ends."""
        act = order.act
        if act == "lose":
            self._lost[key] = self._lost.get(key, 0) + 1
            act = "close" if self._lost[key] % order.every == 0 else "answer"
        if act == "close":
            return False
        if act == "reset":
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        if act == "silent":
            await reader.read()
            return False
        writer.write(_GARBAGE if act == "garbage" else encode(order, head))
        await writer.drain()
        return act != "garbage"


def encode(order: Order, head: Head) -> bytes:
    """The answer to this request."""
    is_same = bool(order.etag) and order.etag in head.value("if-none-match")
    status = 304 if is_same else order.status
    body = order.body.encode("latin-1")
    lines = [f"HTTP/1.1 {status} As Ordered", *(f"{name}: {value}" for name, value in order.headers)]
    if order.etag:
        lines.append(f"ETag: {order.etag}")
    if status not in _NO_BODY:
        lines.append(f"Content-Length: {len(body)}")
    is_bare = status in _NO_BODY or head.line.startswith("HEAD ")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if is_bare else body)


async def _streams(
    sock: socket.socket, context: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=MOST_HEAD_OCTETS, loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    # asyncio would wait half a minute for the other side's close_notify, and some edges (H2O 2.2.5) wait for the end of the connection
    patience = None if context is None else _CLOSE_SECONDS
    transport, _ = await loop.connect_accepted_socket(
        lambda: protocol, sock, ssl=context, ssl_shutdown_timeout=patience
    )
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def _end(tasks: set[asyncio.Task[None]]) -> None:
    ending = list(tasks)
    for task in ending:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*ending, return_exceptions=True)
