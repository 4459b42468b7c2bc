"""One GET over HTTP/2, as little of it as shows that it works (RFC 9113, RFC 7541): what arrived is read at the origin."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

from linkproof.conformance.client.front import NoAnswerError, close
from linkproof.verify.observe import http1

if TYPE_CHECKING:
    from linkproof.conformance.client.front import Front

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_HEADERS, _RST_STREAM, _SETTINGS, _PING, _GOAWAY = 1, 3, 4, 6, 7
_END_STREAM_AND_HEADERS, _ACK = 0x5, 0x1
# The default of SETTINGS_MAX_FRAME_SIZE: a larger frame is a fault of the server's.
_MOST_FRAME = 16_384
_MOST_FRAMES = 200


async def get(front: Front, target: str, context: ssl.SSLContext, seconds: float) -> tuple[str, str]:
    """GET the target, by whichever protocol the edge chooses of those that the context offers.

    Returns:
        that protocol, and what is wrong with the answer; empty where there is one.

    Raises:
        NoAnswerError: no handshake.
    """
    reader, writer = await front.connect(context=context, seconds=seconds)
    try:
        chosen = str(writer.get_extra_info("ssl_object").selected_alpn_protocol() or "http/1.1")
        if chosen != "h2":
            writer.write(f"GET {target} HTTP/1.1\r\nHost: {front.host}\r\nConnection: close\r\n\r\n".encode())
            await asyncio.wait_for(http1.read_answer(reader, "GET", _MOST_FRAME), seconds)
            front.counts()
            return chosen, ""
        fields = ((":method", "GET"), (":scheme", "https"), (":authority", front.host), (":path", target))
        block = b"".join(_literal(name, value) for name, value in fields)
        writer.write(_PREFACE + _frame(_SETTINGS, 0, 0) + _frame(_HEADERS, _END_STREAM_AND_HEADERS, 1, block))
        return chosen, _counted(front, await asyncio.wait_for(_answer(reader, writer), seconds))
    except TimeoutError:
        return chosen, f"no answer within {seconds:g} s"
    except (OSError, EOFError, http1.MalformedAnswerError) as error:
        return chosen, f"no answer: {error}"
    finally:
        await close(writer)


def _counted(front: Front, problem: str) -> str:
    """The same; what was answered is counted."""
    if not problem:
        front.counts()
    return problem


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
    for _ in range(_MOST_FRAMES):
        head = await reader.readexactly(9)
        length, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
        stream = int.from_bytes(head[5:], "big") & 0x7FFFFFFF
        if length > _MOST_FRAME:
            return f"a frame of {length} octets, which is no HTTP/2"
        payload = await reader.readexactly(length)
        if kind == _HEADERS and stream == 1:
            return ""
        if kind in {_GOAWAY, _RST_STREAM}:
            return f"it ended the {'stream' if kind == _RST_STREAM else 'connection'}"
        if kind in {_SETTINGS, _PING} and not flags & _ACK:
            writer.write(_frame(kind, _ACK, 0, payload if kind == _PING else b""))
    return "no answer among many frames"


def _frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def _literal(name: str, value: str) -> bytes:
    """A field that is never indexed, with its name, neither of them Huffman coded (RFC 7541 §6.2.3); values below 127 octets."""
    if max(len(name), len(value)) > 126:
        raise NoAnswerError("a field that is too long for this client")
    return b"\x10" + bytes((len(name),)) + name.encode() + bytes((len(value),)) + value.encode()
