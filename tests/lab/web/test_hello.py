"""The ClientHello parser, fed by OpenSSL and by nonsense."""

from __future__ import annotations

import ssl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkproof_lab.web.hello import ClientHello, NotTlsError, parse


def hello(name: str | None, *, maximum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> bytes:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.maximum_version = maximum
    outgoing = ssl.MemoryBIO()
    tls = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


WHOLE = hello("url4821.example.net")


def test_the_name_and_the_versions_are_read() -> None:
    assert parse(hello("URL4821.example.net")) == ClientHello("url4821.example.net", frozenset({0x0303, 0x0304}))
    parsed = parse(hello(None, maximum=ssl.TLSVersion.TLSv1_2))
    assert parsed
    assert parsed.server_name is None
    assert max(parsed.versions) == 0x0303


def test_every_proper_beginning_asks_for_more() -> None:
    data = hello("url4821.example.net")
    assert {parse(data[:end]) for end in range(len(data))} == {None}


def test_a_hello_spread_over_records_is_joined() -> None:
    data = hello("url4821.example.net")
    body = data[5:]
    parts = [body[:3], body[3:100], body[100:]]
    split = b"".join(data[:3] + len(part).to_bytes(2, "big") + part for part in parts)
    assert parse(split) == parse(data)


def test_what_is_not_tls_is_refused_from_the_first_byte() -> None:
    for data in (
        b"G",
        b"GET / HTTP/1.1\r\n",
        b"\x16\x03\x01\x00\x04\x02\x00\x00\x00",
        b"\x16\x03\x01\x00\x04\x01\xff\xff\xff",
    ):
        with pytest.raises(NotTlsError):
            parse(data)


@settings(deadline=None)
@given(st.binary(max_size=80), st.integers(0, 79))
def test_damage_never_raises_anything_else(noise: bytes, at: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[at : at + len(noise)] = noise
    try:
        parse(bytes(damaged))
    except NotTlsError:
        return
