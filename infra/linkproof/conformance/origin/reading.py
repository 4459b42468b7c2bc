"""Reads one request off a connection, with nothing taken for granted and everything bounded."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

MOST_HEAD_OCTETS = 256 * 1024
MOST_BODY_OCTETS = 1024 * 1024


class UnreadableRequestError(Exception):
    """What came is no request of HTTP/1."""


@dataclass(frozen=True, slots=True)
class Head:
    """A request without its body; texts hold one character an octet."""

    line: str
    headers: tuple[tuple[str, str], ...]

    def value(self, name: str) -> str:
        """Of the first header of that name in lower case; empty without one."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def keeps(self) -> bool:
        """Whether the client wants the connection kept."""
        said = self.value("connection").lower()
        return "keep-alive" in said if self.line.endswith("HTTP/1.0") else "close" not in said


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """None where the client closed between two requests.

    Raises:
        UnreadableRequestError: it ended inside the head, is too large, or is no HTTP/1.
    """
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise UnreadableRequestError(error.partial[:80].decode("latin-1")) from error
        return None
    except asyncio.LimitOverrunError as error:
        raise UnreadableRequestError("a head without end") from error
    line, *lines = raw[:-4].decode("latin-1").split("\r\n")
    if not line.rpartition(" ")[2].startswith("HTTP/1."):
        raise UnreadableRequestError(line[:80])
    headers = []
    for each in lines:
        name, colon, value = each.partition(":")
        if not colon:
            raise UnreadableRequestError(each[:80])
        headers.append((name, value.strip(" \t")))
    return Head(line, tuple(headers))


async def read_body(reader: asyncio.StreamReader, head: Head) -> bytes:
    """Raises:
    UnreadableRequestError: its length is no number, or over the bound.
    EOFError, OSError: the connection ended inside it.
    """
    if "chunked" in head.value("transfer-encoding").lower():
        return await _chunks(reader)
    length = head.value("content-length") or "0"
    if not (length.isascii() and length.isdigit()) or int(length[:12]) > MOST_BODY_OCTETS:
        raise UnreadableRequestError(f"Content-Length: {length[:20]}")
    return await reader.readexactly(int(length))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while True:
        line = await reader.readuntil(b"\n")
        try:
            size = int(line.split(b";", 1)[0], 16)
        except ValueError as error:
            raise UnreadableRequestError("a chunk without a size") from error
        if size < 0 or len(body) + size > MOST_BODY_OCTETS:
            raise UnreadableRequestError("a chunk too large")
        body += await reader.readexactly(size)
        await reader.readuntil(b"\n")
        if size == 0:
            return bytes(body)
