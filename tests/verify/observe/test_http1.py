"""The HTTP client on its own: what it makes of any octets, in however many pieces they come."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkproof.verify.observe import http1

from tests.fuzz.http import ENDLESS, Wire, seeds

PLAIN = {name: data[2:] for name, data in seeds().items() if not data[1] & ENDLESS}
ENDLESS_SEEDS = {name: data for name, data in seeds().items() if data[1] & ENDLESS}


def read(octets: bytes, how: int = 1, method: str = "GET"):
    try:
        return Wire(octets, how).exchange(method)
    except (http1.MalformedAnswerError, EOFError) as error:
        return type(error)


@settings(max_examples=150, deadline=None)
@given(
    octets=st.one_of(
        st.sampled_from(sorted(PLAIN.values())),
        st.binary(max_size=80).map(lambda rest: b"HTTP/1.1 200 OK\r\n" + rest),
        st.binary(max_size=80).map(lambda rest: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + rest),
    ),
    pieces=st.integers(2, 127),
)
def test_an_answer_is_the_same_in_one_piece_and_in_many(octets, pieces):
    assert read(octets, pieces) == read(octets)


@pytest.mark.parametrize("name", sorted(ENDLESS_SEEDS))
def test_the_client_stops_by_itself_where_an_answer_has_no_end(name):
    data = ENDLESS_SEEDS[name]
    wire = Wire(data[2:], data[1])  # which fails a client that takes too much
    if name in {"endless-headers", "endless-header", "endless-interim"}:
        with pytest.raises(http1.MalformedAnswerError):
            wire.exchange("GET")
    else:
        assert wire.exchange("GET")[0] == 200


def test_all_heads_together_have_one_bound():
    hint = b"HTTP/1.1 103 X\r\nA: " + b"b" * 4000 + b"\r\n\r\n"
    last = b"HTTP/1.1 204 X\r\n\r\n"
    assert read(hint * 8 + last)[0] == 204
    assert read(hint * 9 + last) is http1.MalformedAnswerError


# Real servers send these, browsers and curl take them, and a wrong host is known by the rest of its answer.
WRITTEN_WRONG = {
    "two of the same transfer-encoding": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "a transfer-encoding that changes nothing": b"Transfer-Encoding: identity\r\n\r\nok",
    "a path as the name of a header": b"no-cache/index.php: userdata not supported\r\nContent-Length: 2\r\n\r\nok",
    "a space in a name": b"PHP Warning: PHP Startup\r\nContent-Length: 2\r\n\r\nok",
    "a space before the colon": b"Content-Length : 2\r\n\r\nok",
    "a name that is not ASCII": b"X-\xc3\x89tat: 1\r\n\r\nok",
    "two lengths": b"Content-Length: 2\r\nContent-Length: 2000\r\n\r\nok",
    "a length below nothing": b"Content-Length: -1\r\n\r\nok",
    "an upgrade nobody asked for": b"",
}


@pytest.mark.parametrize("name", WRITTEN_WRONG)
def test_an_answer_that_a_strict_reader_refuses_whole_still_says_who_answered(name):
    rest = WRITTEN_WRONG[name]
    first = b"HTTP/1.1 200 OK\r\n" if rest else b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n"
    octets = first + b"Server: cloudflare\r\n" + (rest or b"\r\n")
    with pytest.raises(h11.RemoteProtocolError):  # once it takes this one, it may read our answers
        strict(octets)
    status, headers, body = read(octets)
    assert (status, body) == ((200, b"ok") if rest else (101, b""))
    assert ("server", "cloudflare") in headers


def test_a_strict_reader_takes_what_is_written_right():
    octets = b"HTTP/1.1 200 OK\r\nServer: cloudflare\r\nContent-Length: 2\r\n\r\nok"
    assert strict(octets).status_code == read(octets)[0] == 200


def strict(octets: bytes) -> h11.Response:
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "url.example.test")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(octets)
    event = connection.next_event()
    assert isinstance(event, h11.Response)
    return event
