"""Resolvers over TLS and HTTPS, and what may be written after --resolver."""

from __future__ import annotations

import base64

import pytest
from linkproof.errors import LinkproofError
from linkproof.verify.options import ResolverAddress

from tests.ports import free_port
from tests.verify.certificates import Authority
from tests.verify.servers import Resolver
from tests.verify.world import CLICK, TARGET, World, errors


def serve(world, context, kind):
    """A resolver behind TLS (RFC 7858) or HTTPS (RFC 8484); returns it with its port."""
    resolver, port = Resolver(), free_port()

    async def over_tls(reader, writer):
        wire = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        (packet,) = resolver.packets(wire, tcp=True)
        writer.write(len(packet).to_bytes(2, "big") + packet)
        await writer.drain()
        writer.close()

    async def over_https(reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert head.startswith("GET /dns-query?dns=")
        encoded = head.split("dns=", 1)[1].split(" ", 1)[0]
        (packet,) = resolver.packets(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)), tcp=True)
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(packet)}\r\n\r\n".encode() + packet)
        await writer.drain()
        writer.close()

    world.loop.serve_stream(over_tls if kind == "tls" else over_https, "127.0.0.1", port, context)
    return resolver, port


@pytest.mark.parametrize("kind", ["tls", "https"])
def test_a_resolver_over_an_encrypted_transport_is_asked_and_judged(tmp_path, kind):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        resolver, port = serve(world, authority.context("localhost"), kind)
        options = {"resolvers": (ResolverAddress.parse(f"{kind}://localhost:{port}"),), "ca": authority.file}
        resolver.answers[CLICK, "CNAME"] = [TARGET]
        result = world.verify(**options)
        assert (result.verdict, result.findings) == ("proven", ())
        assert any(cell.vantage.transport == kind and cell.state == "right" for cell in result.cells)
        resolver.answers[CLICK, "CNAME"] = ["old.vendor.test."]
        assert errors(world.verify(**options)) == {"dns.wrong-value"}


@pytest.mark.parametrize("kind", ["tls", "https"])
def test_a_resolver_whose_certificate_is_not_trusted_could_not_be_checked(tmp_path, kind):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        resolver, port = serve(world, authority.context("other.test"), kind)
        result = world.verify(resolvers=(ResolverAddress.parse(f"{kind}://localhost:{port}"),), ca=authority.file)
    assert result.verdict == "not-proven"
    assert not resolver.asked


@pytest.mark.parametrize(
    ("text", "expected", "shown"),
    [
        ("192.0.2.1", ResolverAddress("udp", "192.0.2.1", 53), "192.0.2.1"),
        ("192.0.2.1:5300", ResolverAddress("udp", "192.0.2.1", 5300), "192.0.2.1:5300"),
        ("2001:db8::1", ResolverAddress("udp", "2001:db8::1", 53), "[2001:db8::1]"),
        ("[2001:db8::1]:5300", ResolverAddress("udp", "2001:db8::1", 5300), "[2001:db8::1]:5300"),
        ("tls://dns.example", ResolverAddress("tls", "dns.example", 853), "tls://dns.example"),
        (
            "https://dns.example:8443/q",
            ResolverAddress("https", "dns.example", 8443, "/q"),
            "https://dns.example:8443/q",
        ),
        ("https://192.0.2.1", ResolverAddress("https", "192.0.2.1", 443, "/dns-query"), "https://192.0.2.1/dns-query"),
    ],
)
def test_a_resolver_is_read_as_people_write_it(text, expected, shown):
    assert ResolverAddress.parse(text) == expected
    assert str(expected) == shown
    assert ResolverAddress.parse(shown) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dns.example",
        "192.0.2.1:0",
        "192.0.2.1:99999",
        "192.0.2.1:x",
        "[2001:db8::1",
        "tls://",
        "https://a b/",
        "https://h/a b",
        "udp://192.0.2.1",
        "[::1]x",
    ],
)
def test_anything_else_is_bad_input_with_a_fix(text):
    with pytest.raises(LinkproofError) as caught:
        ResolverAddress.parse(text)
    assert caught.value.exit_code == 2
    assert caught.value.fix


def test_a_resolver_that_is_named_twice_is_one(tmp_path):
    with World(tmp_path) as world:
        resolver = world.add_resolver()
        resolver.answers[CLICK, "CNAME"] = [TARGET]
        address = ResolverAddress("udp", "127.61.53.1", world.port)
        found = world.verify(resolvers=(address, ResolverAddress.parse(f"127.61.53.1:{world.port}")))
    assert found.verdict == "proven"
    assert [cell.vantage.address for cell in found.cells if cell.vantage.kind == "resolver"] == ["127.61.53.1"]
