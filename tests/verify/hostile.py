"""Servers that try to wear a client out: they count what they could send, and stop when the client has gone."""

from __future__ import annotations

import asyncio
import io
import struct
from collections.abc import Callable
from itertools import pairwise

import dns.edns
import dns.flags
import dns.message
import dns.rrset

from tests.verify.servers import CutsShort, Honest

# A client that has to take this many octets is worn out; loopback itself buffers up to six MiB of them.
MOST_SENT = 32 << 20


class Stream:
    """A TCP server whose conversation a test writes.

    Args:
        talk: takes the request's octets and `send`, which raises ConnectionError once the client has gone.
        until: what ends a request; empty to read a DNS question with its length.
    """

    def __init__(self, talk: Callable, until: bytes = b"\r\n\r\n") -> None:
        self._talk, self._until = talk, until
        self.connections = self.sent = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1

        async def send(octets: bytes) -> None:
            assert self.sent < MOST_SENT, "the client does not stop"
            writer.write(octets)
            await writer.drain()
            if reader.at_eof():
                raise ConnectionResetError
            self.sent += len(octets)

        try:
            if self._until:
                request = await reader.readuntil(self._until)
            else:
                request = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
            await self._talk(request, send, reader)
        except (OSError, EOFError):
            pass
        finally:
            writer.close()


def then_hold(*parts: bytes) -> Callable:
    """Sends these, and then nothing until the client goes."""

    async def talk(request, send, reader):
        for part in parts:
            await send(part)
        await reader.read()

    return talk


def then_for_ever(head: bytes, tail: bytes, *, pause_seconds: float = 0) -> Callable:
    """Sends a beginning and then the same again and again.

    Args:
        pause_seconds: between two, for a server that drips.
    """

    async def talk(request, send, reader):
        await send(head)
        while True:
            await send(tail)
            await asyncio.sleep(pause_seconds)

    return talk


class Raw(Honest):
    """Our id and question, with other octets for the rest of the packet."""

    header, rest = b"", b""

    def packets(self, wire, *, tcp):
        question = wire[12 : wire.index(b"\0", 12) + 5]
        return [wire[:2] + self.header + question + self.rest]


class Heavy(CutsShort):
    """Cuts short over UDP only what is longer than a datagram can be."""

    def respond(self, query, name, record_type, *, tcp):
        response = Honest.respond(self, query, name, record_type, tcp=tcp)
        is_long = not tcp and len(response.to_wire(max_size=65535)) > 60_000
        return super().respond(query, name, record_type, tcp=tcp) if is_long else response


class WholeChain(Honest):
    """Gives with the first CNAME all that follow it; written by hand, for a library needs a second for a thousand."""

    def __init__(self) -> None:
        super().__init__()
        self._first, self._chain = "", b""
        self._length = 0

    def lay(self, names: list[str]) -> None:
        """Make a chain of these names, each a CNAME to the next."""
        self._first, self._length = names[0], len(names) - 1
        file = io.BytesIO()
        for owner, target in pairwise(names):
            self.set(owner, "CNAME", [target])
            dns.rrset.from_text(owner, 300, "IN", "CNAME", target).to_wire(file)
        self._chain = file.getvalue()

    def packets(self, wire, *, tcp):
        name = dns.message.from_wire(wire).question[0].name.to_text().lower()
        if name != self._first:
            return super().packets(wire, tcp=tcp)
        question = wire[12 : wire.index(b"\0", 12) + 5]
        header = wire[:2] + b"\x84\0" + struct.pack("!HHHH", 1, self._length, 0, 0)
        return [header + question + self._chain]


class ManyOptions(Honest):
    """EDNS options without number or sense, none of them asked for."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        options = [dns.edns.GenericOption(65001 + number % 500, b"\x1b" * 400) for number in range(100)]
        response.use_edns(0, payload=65535, options=options)
        return response
