"""An edge in this process: right by default, and told to be wrong in one point."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field, replace
from typing import Any

from linkproof.conformance.client.front import Answer, close
from linkproof.conformance.origin.reading import Head, UnreadableRequestError, read_body, read_head
from linkproof.verify.observe import http1

_HOP = {"connection", "keep-alive", "te", "upgrade", "proxy-connection", "expect"}
_MOST = 4 * 1024 * 1024


@dataclass(frozen=True)
class Viewer:
    """One request of a reader. Headers keep their case; texts hold one character an octet."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    scheme: str
    sni: str
    address: str

    def value(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    def without(self, *names: str) -> tuple[tuple[str, str], ...]:
        return tuple((key, value) for key, value in self.headers if key.lower() not in names)


@dataclass
class Leg:
    """What is sent to the origin, and how."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    version: str = "HTTP/1.1"
    sni: str | None = None

    def encode(self) -> bytes:
        lines = [f"{self.method} {self.target} {self.version}", *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


class OriginFailedError(Exception):
    """The origin gave no answer."""


@dataclass
class Proxy:
    """A right edge. A wrong one overrides one method or says one thing otherwise.

    Args:
        host: the one that it answers for.
        origins: addresses and port of the origin, in the order in which they are tried.
        identity: what it shows.
        trusted: for the origin's certificate, with its name.
    """

    host: str
    origins: list[tuple[str, int]]
    identity: ssl.SSLContext
    trusted: ssl.SSLContext
    origin_name: str = "origin.example"
    origin_seconds: float = 0.5
    others: Any = None
    ports: dict[str, int] = field(default_factory=dict)
    _servers: list[asyncio.Server] = field(default_factory=list)
    _names: dict[int, str] = field(default_factory=dict)

    # what a wrong one overrides ------------------------------------------------------------------
    def leg(self, viewer: Viewer) -> Leg:
        """What the origin is asked."""
        headers = [
            (key, value)
            for key, value in viewer.headers
            if key.lower() not in {*_HOP, "cookie", "x-forwarded-for", "x-forwarded-host"}
        ]
        headers += [("X-Forwarded-For", viewer.address), ("X-Forwarded-Host", self.host)]
        return Leg(viewer.method, viewer.target, headers, viewer.body, sni=self.origin_name)

    async def answer(self, viewer: Viewer) -> Answer:
        """What the reader gets."""
        if not self.knows(viewer):
            return Answer(404, (), b"no such host\n")
        try:
            return self.came(viewer, await self.ask(self.leg(viewer)))
        except OriginFailedError:
            return Answer(502, (), b"the origin failed\n")

    def knows(self, viewer: Viewer) -> bool:
        return viewer.value("host").partition(":")[0].lower() == self.host

    def came(self, viewer: Viewer, answer: Answer) -> Answer:
        """The origin's answer, on its way to the reader."""
        return answer

    async def ask(self, leg: Leg) -> Answer:
        """Ask the origin once, on a connection of its own.

        Raises:
            OriginFailedError: it gave no answer of HTTP.
        """
        reader, writer = await self.connect(leg)
        try:
            writer.write(leg.encode())
            answer = await asyncio.wait_for(http1.read_answer(reader, leg.method, _MOST), self.origin_seconds)
            return Answer(*answer)
        except (OSError, EOFError, TimeoutError, http1.MalformedAnswerError) as error:
            raise OriginFailedError from error
        finally:
            await close(writer)

    async def connect(self, leg: Leg) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for address, port in self.origins:
            try:
                return await asyncio.open_connection(
                    address, port, ssl=self.trusted, server_hostname=leg.sni, limit=http1.MAX_HEADER_OCTETS
                )
            except OSError:
                continue
        raise OriginFailedError

    # serving -------------------------------------------------------------------------------------
    def named(self, connection: Any, name: str | None, context: ssl.SSLContext) -> int | None:
        """Only the host has a certificate."""
        self._names[id(connection)] = name or ""
        return None if name == self.host else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    async def start(self, *addresses: str) -> None:
        self.identity.sni_callback = self.named
        for address in addresses or ("127.0.0.1",):
            for scheme, context in (("http", None), ("https", self.identity)):
                server = await asyncio.start_server(
                    lambda reader, writer, scheme=scheme: self._serve(reader, writer, scheme),
                    address,
                    self.ports.get(scheme, 0),
                    ssl=context,
                    limit=256 * 1024,
                )
                self.ports[scheme] = server.sockets[0].getsockname()[1]
                self._servers.append(server)

    async def stop(self) -> None:
        for server in self._servers:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, scheme: str) -> None:
        handshake = writer.get_extra_info("ssl_object")
        sni = self._names.pop(id(handshake), "") if handshake else ""
        try:
            await self._requests(reader, writer, scheme, sni)
        except (OSError, EOFError, UnreadableRequestError):
            pass
        finally:
            writer.close()

    async def _requests(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, scheme: str, sni: str
    ) -> None:
        while (head := await read_head(reader)) is not None:
            if head.value("expect"):
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = await read_body(reader, head)
            viewer = self._viewer(head, body, scheme, sni, writer.get_extra_info("peername")[0])
            answer = await self.answer(viewer)
            writer.write(_encode(answer, viewer.method))
            await writer.drain()
            if not head.keeps:
                return

    def _viewer(self, head: Head, body: bytes, scheme: str, sni: str, address: str) -> Viewer:
        method, target = head.line.partition(" ")[0], head.line.partition(" ")[2].rpartition(" ")[0]
        return Viewer(method, target, head.headers, body, scheme, sni, address)


def _encode(answer: Answer, method: str) -> bytes:
    dropped = {"content-length", "transfer-encoding", "connection"}
    lines = [f"HTTP/1.1 {answer.status} X", *(f"{key}: {value}" for key, value in answer.headers if key not in dropped)]
    if answer.status not in {204, 304}:
        lines.append(f"Content-Length: {len(answer.body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if method == "HEAD" else answer.body)


def with_header(answer: Answer, name: str, value: str) -> Answer:
    return replace(answer, headers=(*(one for one in answer.headers if one[0] != name), (name, value)))
