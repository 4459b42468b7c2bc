"""One connection to an edge: it gives what came, says how it failed, and waits for nobody to end it."""

from __future__ import annotations

import asyncio
import ssl
import time

import pytest
from linkproof.verify.observe.edge.certificates import open_context
from linkproof.verify.observe.edge.connection import EdgeConnection

from tests.verify.certificates import Authority

HOST, ADDRESS = "url.example.test", "127.61.30.1"
# Longer than the buffers of socket and reader, and than what one packet of TLS holds.
LONG = b"0123456789abcdef" * 40_000


def talking(handler, work, context=None):
    """Let `work` be done with the port of a server that talks so."""

    async def both():
        server = await asyncio.start_server(handler, ADDRESS, 0, ssl=context)
        async with server:
            return await work(server.sockets[0].getsockname()[1])

    return asyncio.run(both())


def served(octets):
    async def handle(reader, writer):
        await reader.readuntil(b"\n")
        writer.write(octets)
        await writer.drain()
        writer.close()

    return handle


@pytest.mark.parametrize("is_encrypted", [False, True], ids=["http", "https"])
def test_a_long_answer_comes_whole_to_a_reader_that_takes_its_time(tmp_path, is_encrypted):
    async def work(port):
        connection = EdgeConnection(ADDRESS, port, open_context() if is_encrypted else None, HOST)
        await connection.open(30)
        reader = connection.take_answers(30)
        connection.write(b"all of it\n")
        found = b""
        while part := await reader.read(50_000):
            found += part
            await asyncio.sleep(0.001)
        connection.close()
        return found

    context = Authority(tmp_path).context(HOST) if is_encrypted else None
    assert talking(served(LONG), work, context) == LONG


def test_a_server_that_ends_the_handshake_is_told_from_one_that_is_silent():
    async def ends(reader, writer):
        await reader.read(1)
        writer.close()

    async def is_silent(reader, writer):
        await reader.read()
        writer.close()

    async def work(port):
        connection = EdgeConnection(ADDRESS, port, open_context(), HOST)
        try:
            await connection.open(0.5)
        except (OSError, EOFError) as error:
            return type(error), connection.is_expired
        finally:
            connection.close()

    ended, expired = talking(ends, work)
    assert issubclass(ended, (EOFError, ConnectionError))
    assert not expired
    assert talking(is_silent, work) == (TimeoutError, True)


def test_what_is_no_tls_and_a_closed_port_each_have_an_error_of_their_own():
    async def in_the_clear(reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        await reader.read()
        writer.close()

    async def work(port):
        connection = EdgeConnection(ADDRESS, port, open_context(), HOST)
        with pytest.raises(ssl.SSLError):
            await connection.open(30)
        connection.close()
        return port

    port = talking(in_the_clear, work)

    async def nobody():
        connection = EdgeConnection(ADDRESS, port, None, HOST)
        with pytest.raises(ConnectionRefusedError):
            await connection.open(30)
        connection.close()

    asyncio.run(nobody())


def test_closing_waits_for_nobody_and_closes_the_socket(tmp_path):
    """A server may keep a connection open for minutes: the file is free at once all the same."""

    async def holds(reader, writer):
        await reader.read()
        writer.close()

    async def work(port):
        connection = EdgeConnection(ADDRESS, port, open_context(), HOST)
        await connection.open(30)
        began = time.monotonic()
        connection.close()
        connection.close()
        return time.monotonic() - began, connection.tls

    seconds, tls = talking(holds, work, Authority(tmp_path).context(HOST))
    assert seconds < 5
    assert tls is None


def test_octets_and_the_end_of_the_time_in_one_turn_of_the_loop_are_an_end():
    """The reader is woken by the octets, and would wait for ever: it looks at an error only before it waits."""

    async def work(port):
        connection = EdgeConnection(ADDRESS, port, None, HOST)
        await connection.open(30)
        reader = connection.take_answers(30)
        waiting = asyncio.ensure_future(reader.readuntil(b"\r\n\r\n"))
        await asyncio.sleep(0)
        reader.feed_data(b"HTTP/1.1 200 OK\r\n")
        connection._expire()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(waiting), 10)
        assert waiting.done(), "it waits for what will never come"
        connection.close()

    talking(served(b""), work)
