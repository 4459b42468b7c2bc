"""Listens on one address, plain and TLS, and chooses the TLS context from the name that the client asks for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from linkproof_lab import tasks
from linkproof_lab.web.hello import MOST_BYTES, ClientHello, NotTlsError, parse

_log = logging.getLogger(__name__)
_HANDSHAKE_SECONDS = 10.0
_SHUTDOWN_SECONDS = 1.0


class Refusal(Enum):
    """How a TLS connection ends before the handshake; the value is the fatal alert (RFC 8446 §6), None for silence."""

    ALERT = 40  # handshake_failure: there is no certificate for the name
    VERSION = 70  # protocol_version
    CLOSE = None


ChooseContext = Callable[[str | None], ssl.SSLContext | Refusal]


@dataclass(frozen=True, slots=True)
class Connection:
    """How a request arrived.

    Args:
        scheme: `http` or `https`.
        server_name: the SNI; None over plain HTTP or when the client sent none.
    """

    scheme: str
    server_name: str | None


Handle = Callable[[web.BaseRequest, Connection], Awaitable[web.StreamResponse]]


class Listener:
    """One address with its plain and its TLS port.

    The TLS context is chosen before the handshake begins, from the ClientHello, which is looked at without taking it
    off the socket: so each certificate has its own versions, and a host without one gets an alert as at the vendors.
    """

    def __init__(self, handle: Handle, choose_context: ChooseContext) -> None:
        self._handle = handle
        self._choose_context = choose_context
        self._arrived: dict[RequestHandler, Connection] = {}
        self._http = _HttpServer(self._serve, self._arrived)
        self._plain: list[asyncio.Server] = []
        self._sockets: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(self, address: str, *, http_port: int, https_port: int) -> None:
        """Serve both ports of an address.

        Raises:
            OSError: an address or port is taken.
        """
        loop = asyncio.get_running_loop()
        plain = Connection("http", None)
        self._plain.append(await loop.create_server(lambda: self._protocol(plain), address, http_port))
        sock = socket.create_server((address, https_port), backlog=256)
        sock.setblocking(False)
        self._sockets.append(sock)
        self._spawn(self._accept(sock))

    @property
    def addresses(self) -> int:
        """How many are served."""
        return len(self._sockets)

    async def stop(self) -> None:
        for server in self._plain:
            server.close()
        await tasks.end(self._tasks)
        for sock in self._sockets:
            sock.close()
        await self._http.shutdown(_SHUTDOWN_SECONDS)

    def _spawn(self, job: Awaitable[None]) -> None:
        task = asyncio.ensure_future(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _protocol(self, connection: Connection) -> RequestHandler:
        handler = self._http()
        self._arrived[handler] = connection
        return handler

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = self._arrived.get(request.protocol, Connection("http", None))
        return await self._handle(request, connection)

    async def _accept(self, sock: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(sock)
            except OSError as error:
                _log.warning("cannot accept on %s: %s", sock.getsockname(), error)
                await asyncio.sleep(0.1)
                continue
            self._spawn(self._handshake(connection))

    async def _handshake(self, sock: socket.socket) -> None:
        handler: RequestHandler | None = None
        handed_over = False
        try:
            hello = await asyncio.wait_for(_peek(sock), _HANDSHAKE_SECONDS)
            chosen = self._choose_context(hello.server_name)
            if isinstance(chosen, ssl.SSLContext) and not _common_version(hello, chosen):
                # Said here, for asyncio drops the alert that OpenSSL has ready when a handshake fails.
                chosen = Refusal.VERSION
            if isinstance(chosen, Refusal):
                await _refuse(sock, chosen)
                return
            handler = self._protocol(Connection("https", hello.server_name))
            fresh = handler
            handed_over = True
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: fresh, sock, ssl=chosen, ssl_handshake_timeout=_HANDSHAKE_SECONDS
            )
        except (OSError, EOFError, TimeoutError, NotTlsError) as error:
            # Clients come and go in the middle of a handshake (a verifier that tries versions does so on purpose).
            _log.debug("handshake ended: %s", error)
            self._forget(handler)
        except Exception:
            _log.exception("no TLS context for this connection")
            self._forget(handler)
        finally:
            if not handed_over:
                sock.close()

    def _forget(self, handler: RequestHandler | None) -> None:
        if handler is not None:
            self._arrived.pop(handler, None)


class _HttpServer(web.Server):
    """aiohttp's low-level server, which also forgets how a connection arrived when it is lost."""

    def __init__(
        self,
        handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        arrived: dict[RequestHandler, Connection],
    ) -> None:
        super().__init__(handler, access_log=None, keepalive_timeout=15.0, lingering_time=0.5)
        self._arrived_by = arrived

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        self._arrived_by.pop(handler, None)
        super().connection_lost(handler, exc)


async def _peek(sock: socket.socket) -> ClientHello:
    while True:
        await _readable(sock)
        data = sock.recv(MOST_BYTES + 512, socket.MSG_PEEK)
        if not data:
            raise EOFError("closed before the ClientHello")
        hello = parse(data)
        if hello is not None:
            return hello
        if len(data) > MOST_BYTES:
            raise NotTlsError("the ClientHello is too long")
        # The bytes stay on the socket, which is therefore readable at once: wait for more to arrive.
        await asyncio.sleep(0.005)


async def _readable(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(sock, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(sock)


def _common_version(hello: ClientHello, context: ssl.SSLContext) -> bool:
    # The two "supported" bounds are negative numbers, which stand for no bound of our own.
    lowest, highest = int(context.minimum_version), int(context.maximum_version)
    return any(lowest <= version and (highest < 0 or version <= highest) for version in hello.versions)


async def _refuse(sock: socket.socket, refusal: Refusal) -> None:
    # Closing with unread bytes resets the connection, and a reset would overtake the alert.
    with contextlib.suppress(OSError):
        sock.recv(MOST_BYTES)
        if refusal.value is not None:
            await asyncio.get_running_loop().sock_sendall(sock, bytes((21, 3, 1, 0, 2, 2, refusal.value)))
        sock.shutdown(socket.SHUT_WR)
