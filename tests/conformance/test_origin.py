"""The origin: what it records, what it answers, and the echo that tells it elsewhere."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable

import pytest
from linkproof.conformance.errors import UnreadableEchoError
from linkproof.conformance.origin.orders import Order
from linkproof.conformance.origin.recorded import Recorded
from linkproof.conformance.origin.server import RecordingOrigin
from linkproof.conformance.run.origins import EchoOrigin

from tests.conformance.conftest import ORIGIN, Authority


def with_origin(
    authority: Authority, test: Callable[[RecordingOrigin, int], Awaitable[None]], address: str = "127.0.0.1"
) -> None:
    async def run() -> None:
        origin = authority.origin()
        port = await origin.listen(address)
        try:
            await asyncio.wait_for(test(origin, port), 20)
        finally:
            await origin.stop()

    asyncio.run(run())


async def send(port: int, raw: bytes, address: str = "127.0.0.1", **tls: object) -> bytes:
    reader, writer = await asyncio.open_connection(address, port, **tls)  # type: ignore[arg-type]
    writer.write(raw)
    try:
        return await reader.read()
    finally:
        writer.close()


def test_a_request_is_recorded_octet_for_octet_over_tls_and_plain(authority: Authority) -> None:
    async def test(origin: RecordingOrigin, port: int) -> None:
        raw = b"GET /a%2Fb//%7E?u=a;b&&\xe9 x HTTP/1.1\r\nhOsT: A.test\r\nX: 1\r\nx: 2\r\nConnection: close\r\n\r\n"
        context = authority.trusting()
        assert b"302" in await send(port, raw)
        assert b"302" in await send(port, raw, ssl=context, server_hostname=ORIGIN)
        plain, secure = origin.records
        assert plain.target == secure.target == "/a%2Fb//%7E?u=a;b&&\xe9 x"
        assert plain.headers == (("hOsT", "A.test"), ("X", "1"), ("x", "2"), ("Connection", "close"))
        assert (plain.tls, plain.sni, plain.at) == ("", "", "127.0.0.1")
        assert (secure.tls, secure.sni) == ("TLSv1.3", ORIGIN)
        assert (plain.connection, secure.connection, secure.nth) == (1, 2, 1)
        assert Recorded.from_json(json.loads(json.dumps(secure.to_json()))) == secure

    with_origin(authority, test)


def test_ipv6_a_proxy_header_and_a_body_in_chunks_are_read(authority: Authority) -> None:
    async def test(origin: RecordingOrigin, port: int) -> None:
        head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        await send(port, b"PROXY TCP6 2001:db8::1 ::1 1 2\r\n" + head + b"3;a=b\r\nabc\r\n0\r\n\r\n", "::1")
        second = b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x02ab"
        await send(port, second + head + b"0\r\n\r\n", "::1")
        one, two = origin.records
        assert (one.proxy, one.body, one.peer) == ("PROXY TCP6 2001:db8::1 ::1 1 2", "abc", "::1")
        assert two.proxy == second.hex()

    with_origin(authority, test, "::1")


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        (Order(), b"HTTP/1.1 302 As Ordered\r\nLocation: https://shop.example/landing\r\nContent-Length: 0\r\n\r\n"),
        (Order(404, (), "gone\xe9"), b"HTTP/1.1 404 As Ordered\r\nContent-Length: 5\r\n\r\ngone\xe9"),
        (Order(200, (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")), etag='"v"'), b"HTTP/1.1 304 As Ordered\r\n"),
        (Order(act="close"), b""),
        (Order(act="garbage"), b"this is not HTTP\r\n"),
    ],
)
def test_it_answers_as_it_is_told(authority: Authority, order: Order, wanted: bytes) -> None:
    async def test(origin: RecordingOrigin, port: int) -> None:
        origin.order("mine", order)
        raw = b'GET /%s HTTP/1.1\r\nIf-None-Match: "v"\r\nConnection: close\r\n\r\n'
        answer = await send(port, raw % b"mine")
        assert answer.startswith(wanted)
        assert bool(answer) == bool(wanted)
        assert b"302" in await send(port, raw % b"other")

    with_origin(authority, test)


def test_it_loses_one_request_in_so_many(authority: Authority) -> None:
    async def test(origin: RecordingOrigin, port: int) -> None:
        origin.order("", Order(act="lose", every=3))
        raw = b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"
        assert [bool(await send(port, raw)) for _ in range(6)] == [True, True, False] * 2
        assert len(origin.records) == 6

    with_origin(authority, test)


def test_a_connection_is_kept_and_says_which_request_of_it_came(authority: Authority) -> None:
    async def test(origin: RecordingOrigin, port: int) -> None:
        raw = b"GET / HTTP/1.1\r\n\r\nHEAD / HTTP/1.1\r\nConnection: close\r\n\r\n"
        assert (await send(port, raw)).count(b"302 As Ordered") == 2
        assert [(one.connection, one.nth, one.method) for one in origin.records] == [(1, 1, "GET"), (1, 2, "HEAD")]

    with_origin(authority, test)


def test_while_it_is_wrong_nobody_who_verifies_talks_to_it(authority: Authority) -> None:
    async def test(origin: RecordingOrigin, port: int) -> None:
        raw = b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"
        origin.is_wrong = True
        with pytest.raises(ssl.SSLCertVerificationError, match="self-signed certificate"):
            await send(port, raw, ssl=authority.trusting(), server_hostname=ORIGIN)
        assert not origin.records
        origin.is_wrong = False
        assert b"302" in await send(port, raw, ssl=authority.trusting(), server_hostname=ORIGIN)

    with_origin(authority, test)


def test_what_is_no_request_is_no_record_and_ends_its_connection_alone(authority: Authority) -> None:
    async def test(origin: RecordingOrigin, port: int) -> None:
        wrong = (
            b"\x00" * 40 + b"\r\n\r\n",
            b"GET /\r\n\r\n",
            b"GET / HTTP/2.0\r\n\r\n",
            b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n",
            b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
            b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        )
        for raw in wrong:
            assert await send(port, raw) == b""
        assert not origin.records
        assert b"302" in await send(port, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")

    with_origin(authority, test)


def test_the_echo_tells_what_arrived_and_takes_orders(authority: Authority) -> None:
    async def test(origin: RecordingOrigin, port: int) -> None:
        echo = await EchoOrigin.at(f"http://127.0.0.1:{port}/{origin.secret}/")
        assert echo.abilities == {"records", "orders"}
        assert await echo.last() == 0
        await echo.order("mine", Order(404, (), "no"))
        assert b"404" in await send(port, b"GET /mine HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert [one.target for one in await echo.since(0)] == ["/mine"]
        assert await echo.last() == 1
        assert await echo.since(1) == []

    with_origin(authority, test)


def test_without_its_secret_there_is_no_echo(authority: Authority) -> None:
    async def test(origin: RecordingOrigin, port: int) -> None:
        with pytest.raises(UnreadableEchoError, match="answered 302"):
            await EchoOrigin.at(f"http://127.0.0.1:{port}/{'a' * 32}/")

    with_origin(authority, test)


@pytest.mark.parametrize("url", ["ftp://a/", "http://", "http://a:b/", "http://a/?b"])
def test_an_echo_is_named_by_a_url(url: str) -> None:
    with pytest.raises(UnreadableEchoError, match="is no URL"):
        asyncio.run(EchoOrigin.at(url))


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"not json",
        b'{"key": 1, "order": null}',
        b'{"key": "a", "order": {"act": "explode"}}',
        b'{"key": "a", "order": {"status": 99}}',
        b'{"key": "a", "order": {"headers": [["A", "b\\r\\nc"]]}}',
        '{"key": "a", "order": {"body": "製"}}'.encode(),
    ],
)
def test_an_order_that_is_none_is_refused_with_its_reason(authority: Authority, body: bytes) -> None:
    async def test(origin: RecordingOrigin, port: int) -> None:
        head = f"PUT /{origin.secret}/orders HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        answer = await send(port, head + body)
        assert answer.startswith(b"HTTP/1.1 400")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]
        assert not origin.orders

    with_origin(authority, test)
