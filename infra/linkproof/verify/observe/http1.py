"""A small HTTP/1.1 client for one probe: exact Host, no redirect, no cookie, bounded in size."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from linkproof.verify.marks import Probe

MAX_HEADER_OCTETS = 32 * 1024
MAX_HEADERS = 200
# Sizes and extensions of chunks, which are no part of the body; an honest answer needs a few octets for each chunk.
MAX_FRAMING_OCTETS = 64 * 1024
USER_AGENT = "linkproof/0.1 (verification of the owner's own hosts)"


class Writer(Protocol):
    """What takes a request: a stream of asyncio, or one connection to an edge."""

    def write(self, data: bytes, /) -> None: ...

    async def drain(self) -> None: ...


class MalformedAnswerError(Exception):
    """What came is not an HTTP/1.x answer, or is larger than any honest one."""


async def exchange(
    reader: asyncio.StreamReader, writer: Writer, host: str, probe: Probe
) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Send one request and read its answer.

    Args:
        host: the Host header.
        probe: GET or HEAD; nothing else is ever sent.

    Returns:
        status, headers in order with lower-case names, and as much of the body as the probe takes.

    Raises:
        MalformedAnswerError: see the class.
        OSError, EOFError: the connection broke before the headers were complete.
    """
    if probe.method not in {"GET", "HEAD"}:
        raise ValueError(probe.method)
    request = f"{probe.method} {probe.path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {USER_AGENT}\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    writer.write(request.encode("ascii"))
    await writer.drain()
    return await read_answer(reader, probe.method, probe.most_octets)


async def read_answer(
    reader: asyncio.StreamReader, method: str, most_octets: int
) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Read the answer to a request of this method, past interim ones; returns and raises as `exchange`."""
    octets_left = MAX_HEADER_OCTETS
    while True:
        # interim answers (1xx) may come without end: one bound holds for all heads together
        status, headers, octets = await _head(reader, octets_left)
        octets_left -= octets
        if status >= 200 or status == 101:
            break
    if method == "HEAD" or status in {101, 204, 304}:
        return status, headers, b""
    return status, headers, await _body(reader, dict(headers), most_octets)


async def _head(reader: asyncio.StreamReader, octets_left: int) -> tuple[int, tuple[tuple[str, str], ...], int]:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise MalformedAnswerError("headers without end") from error
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise MalformedAnswerError("closed inside the headers") from error
        raise EOFError("closed without an answer") from error
    if len(raw) > octets_left:
        raise MalformedAnswerError("over 32 KiB of headers")
    first, *lines = raw[:-4].decode("latin-1").split("\r\n")
    parts = first.split(" ", 2)
    if (
        len(parts) < 2
        or not parts[0].startswith("HTTP/1.")
        or not (len(parts[1]) == 3 and parts[1].isascii() and parts[1].isdigit())
    ):
        raise MalformedAnswerError("no HTTP/1 status line")
    if len(lines) > MAX_HEADERS:
        raise MalformedAnswerError(f"{len(lines)} headers")
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise MalformedAnswerError("a header without a colon")
        headers.append((name.strip().lower(), value.strip()))
    return int(parts[1]), tuple(headers), len(raw)


async def _body(reader: asyncio.StreamReader, headers: dict[str, str], most_octets: int) -> bytes:
    """As much as comes, up to the bound; an answer cut short is still an answer."""
    body = bytearray()
    with contextlib.suppress(OSError, EOFError, ValueError, TimeoutError):
        if "chunked" in headers.get("transfer-encoding", "").lower():
            await _chunks(reader, body, most_octets)
        else:
            await _plain(reader, body, headers.get("content-length", ""), most_octets)
    return bytes(body)


async def _chunks(reader: asyncio.StreamReader, body: bytearray, most_octets: int) -> None:
    framing = 0
    while len(body) < most_octets and framing < MAX_FRAMING_OCTETS:
        line = await reader.readline()
        framing += len(line)
        size = int(line.split(b";", 1)[0], 16)
        if size <= 0:
            return
        body += await reader.readexactly(min(size, most_octets - len(body)))
        if len(body) < most_octets:
            framing += len(await reader.readexactly(2))


async def _plain(reader: asyncio.StreamReader, body: bytearray, length: str, most_octets: int) -> None:
    is_number = length.isascii() and length.isdigit() and len(length) < 12
    limit = min(int(length), most_octets) if is_number else most_octets
    while len(body) < limit:
        part = await reader.read(limit - len(body))
        if not part:
            return
        body += part
