"""UDP and TCP sockets of one server."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from linkproof_lab import tasks
from linkproof_lab.nameservers.wire import NoReply, Respond, handle
from linkproof_lab.server.ports import PortInUseError

_log = logging.getLogger(__name__)
_IDLE_SECONDS = 10.0  # RFC 7766 §6.2.3 leaves the time to the server
_QUERIES_AT_ONCE = 2000
_RECEIVE_BYTES = 1024 * 1024  # a verifier asks for all of its links at once


async def converse(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    answer: Callable[[bytes], Awaitable[bytes | NoReply]],
    where: str,
) -> None:
    """Answer every message of one TCP connection, until the client has nothing more to say for a while (RFC 7766).

    Args:
        answer: from one message to its answer.
        where: of the server, for the log.
    """
    try:
        while True:
            async with asyncio.timeout(_IDLE_SECONDS):
                length = int.from_bytes(await reader.readexactly(2))
                packet = await reader.readexactly(length)
            reply = await answer(packet)
            if reply is NoReply.HANG_UP:
                return
            if isinstance(reply, bytes):
                writer.write(len(reply).to_bytes(2) + reply)
                async with asyncio.timeout(_IDLE_SECONDS):
                    await writer.drain()
    except (asyncio.IncompleteReadError, TimeoutError, ConnectionError):
        return  # the client is gone or has nothing more to ask
    except Exception:
        _log.exception("%s: a TCP query was not answered", where)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


class Sockets:
    """One address, both transports. Use `open`, then `close`."""

    def __init__(self, address: str, port: int, respond: Respond) -> None:
        self.address = address
        self.port = port
        self._respond = respond
        self._udp: asyncio.DatagramTransport | None = None
        self._tcp: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Raises:
        PortInUseError: another process has the port.
        OSError: the machine does not have the address.
        """
        loop = asyncio.get_running_loop()
        try:
            self._udp, _ = await loop.create_datagram_endpoint(lambda: _Udp(self), local_addr=(self.address, self.port))
            self._udp.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
            self._tcp = await asyncio.start_server(self._connected, self.address, self.port)
        except OSError as error:
            await self.close()
            if error.errno == errno.EADDRINUSE:
                raise PortInUseError(self.address, self.port, "DNS", "--dns-port") from error
            raise

    async def close(self) -> None:
        if self._udp is not None:
            self._udp.close()
        if self._tcp is not None:
            self._tcp.close()
        await tasks.end(self._tasks)

    def received(self, packet: bytes, sender: Any) -> None:
        if len(self._tasks) < _QUERIES_AT_ONCE:
            self._keep(asyncio.create_task(self._answer(packet, sender)))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, packet: bytes, sender: Any) -> None:
        try:
            reply = await handle(packet, "udp", self._respond)
        except Exception:
            _log.exception("%s port %d: a UDP query was not answered", self.address, self.port)
            return
        if isinstance(reply, bytes) and self._udp is not None and not self._udp.is_closing():
            self._udp.sendto(reply, sender)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # a task of our own, so that `close` can end a client that just sits there
        self._keep(asyncio.create_task(self._converse(reader, writer)))

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def answer(packet: bytes) -> bytes | NoReply:
            return await handle(packet, "tcp", self._respond)

        await converse(reader, writer, answer, f"{self.address} port {self.port}")


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._sockets.received(data, addr)
