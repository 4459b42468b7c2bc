"""The HTTP client on its own: what it makes of any octets, in however many pieces they come."""

from __future__ import annotations

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
