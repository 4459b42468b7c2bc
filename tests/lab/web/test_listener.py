"""Connections that do not behave."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl
from typing import Any

import pytest
from linkproof_lab.web import edges

HOST = "url4821.example.net"


def test_a_client_hello_in_drops_is_waited_for(lab: Any) -> None:
    lab.distribution("D1", [HOST])

    async def test() -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.create_default_context(cafile=str(lab.settings.ca_file))
        tls = context.wrap_bio(incoming, outgoing, server_hostname=HOST)
        with contextlib.suppress(ssl.SSLWantReadError):
            tls.do_handshake()
        reader, writer = await asyncio.open_connection(
            lab.settings.edge_addresses("cloudfront")[0], lab.settings.https_port
        )
        hello = outgoing.read()
        for part in (hello[:2], hello[2:50], hello[50:]):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.02)
        while tls.version() is None:
            incoming.write(await asyncio.wait_for(reader.read(65536), 10))
            with contextlib.suppress(ssl.SSLWantReadError):
                tls.do_handshake()
        assert tls.getpeercert()["subjectAltName"] == (("DNS", HOST),)
        writer.close()

    lab.run(test)


def test_what_is_not_tls_is_closed_at_once(lab: Any) -> None:
    async def test() -> None:
        for nonsense in (b"GET / HTTP/1.1\r\n\r\n", b""):
            reader, writer = await asyncio.open_connection(
                lab.settings.edge_addresses("cloudfront")[0], lab.settings.https_port
            )
            writer.write(nonsense)
            writer.write_eof()
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), 8) == b""
            writer.close()

    lab.run(test)


def test_a_client_that_stops_in_mid_hello_keeps_nobody_waiting(lab: Any) -> None:
    lab.distribution("D1", [HOST])

    async def test() -> None:
        _, writer = await asyncio.open_connection(lab.settings.edge_addresses("cloudfront")[0], lab.settings.https_port)
        writer.write(b"\x16\x03\x01\x02")
        assert (await lab.cloudfront(HOST)).status == 200
        writer.close()

    lab.run(test)


def test_many_connections_at_once_are_all_served(lab: Any) -> None:
    lab.distribution("D1", [HOST])

    async def test() -> None:
        answers = await asyncio.gather(*(lab.cloudfront(HOST, f"/{n}") for n in range(60)))
        assert [answer.status for answer in answers] == [200] * 60
        assert {seen["target"] for seen in lab.echo.requests} == {f"/{n}" for n in range(60)}

    lab.run(test)


def test_stopping_does_not_wait_for_clients_and_frees_the_ports(lab: Any) -> None:
    async def test() -> None:
        for port in (lab.settings.https_port, lab.settings.http_port):
            await asyncio.open_connection(lab.settings.edge_addresses("cloudflare")[0], port)

    for _ in range(2):
        lab.run(test)


def test_a_start_that_fails_at_the_last_address_gives_back_the_others(lab: Any) -> None:
    async def test() -> None:
        with socket.create_server((lab.settings.edge_addresses("cloudflare")[-1], lab.settings.https_port)):
            with pytest.raises(OSError, match=r"(?i)address already in use") as caught:
                await edges.start(lab.settings, lab.store)
            assert caught.value.errno == errno.EADDRINUSE
        running = await edges.start(lab.settings, lab.store)
        await running.stop()

    asyncio.run(test())
