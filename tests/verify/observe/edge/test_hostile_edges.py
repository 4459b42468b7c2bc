"""Edges that try to wear the verifier out: each gets its verdict after a bounded number of connections and octets."""

from __future__ import annotations

import pytest

from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.hostile import Stream, then_for_ever, then_hold
from tests.verify.world import EDGE_ADDRESS, SHORT, TARGET, World, errors, expect

HOST = "url.example.test"
STALLS = "127.61.10.2"
HEAD = b"HTTP/1.1 404 Not Found\r\nX-Amz-Cf-Id: x\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
# Over TLS one that is looked at with its answer, one that verifies, one for the other kind of key.
MOST_CONNECTIONS = 3


def probe(tmp_path, talk, **changes):
    """Verify with an edge that talks like this over HTTP, and is as it should be over HTTPS."""
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context(HOST))
        stream = Stream(talk)
        world.loop.serve_stream(stream.handle, EDGE_ADDRESS, world.http_port)
        result = world.verify(expect(endpoints=[endpoint()]), ca=authority.file, **changes)
    assert stream.connections == 1
    return result, stream


@pytest.mark.parametrize(
    "talk",
    [
        then_hold(),
        then_hold(HEAD),
        then_hold(HEAD + b"Content-Length: 10\r\n\r\n", b"Wrong "),
        then_hold(CHUNKED, b"ffff\r\n", b"Wrong Link"),
        then_for_ever(HEAD + b"X: ", b"a", pause_seconds=0.01),
        then_for_ever(HEAD + b"\r\n", b"a", pause_seconds=0.01),
        then_for_ever(CHUNKED, b"1\r\na\r\n", pause_seconds=0.01),
        then_for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause_seconds=0.01),
    ],
    ids=["silence", "head", "body", "chunk", "dripping-head", "dripping-body", "dripping-chunks", "dripping-interim"],
)
def test_an_answer_that_drips_is_a_time_out_and_one_connection(tmp_path, talk):
    result, stream = probe(tmp_path, talk, **SHORT)
    assert errors(result) == {"http.timeout"}
    assert stream.sent < 20_000


@pytest.mark.parametrize(
    "talk",
    [
        then_for_ever(HEAD, b"A: b\r\n" * 1000),
        then_for_ever(HEAD + b"A: ", b"b" * 5000),
        then_for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        then_for_ever(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100),
    ],
    ids=["headers", "header", "interim", "hints"],
)
def test_a_head_without_end_is_malformed(tmp_path, talk):
    result, _ = probe(tmp_path, talk)
    assert errors(result) == {"http.malformed"}


@pytest.mark.parametrize(
    ("talk", "verdict"),
    [
        # a page that long is another's, whatever words it begins with
        (then_for_ever(HEAD + b"\r\nWrong Link\n", b"a" * 5000), "not-proven"),
        (then_for_ever(CHUNKED + b"b\r\nWrong Link\n\r\n", b"1\r\na\r\n" * 1000), "not-proven"),
        (then_for_ever(CHUNKED + b"b\r\nWrong Link\n\r\n", b"1;" + b"x" * 4000 + b"\r\na\r\n"), "proven"),
        (then_for_ever(CHUNKED + b"b\r\nWrong Link\n\r\n", b"0" * 4000), "proven"),
        (then_for_ever(HEAD + b"Content-Length: 99999999999\r\n\r\nWrong Link\n", b"a" * 5000), "not-proven"),
    ],
    ids=["body", "chunks", "chunk-extensions", "chunk-size", "length"],
)
def test_a_body_without_end_is_read_so_far_and_judged(tmp_path, talk, verdict):
    result, _ = probe(tmp_path, talk)
    assert (result.verdict, result.findings) == (verdict, ())


def test_a_few_interim_answers_before_the_answer_are_fine(tmp_path):
    async def talk(request, send, reader):
        await send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 5 + answer(X_Amz_Cf_Id="x"))

    result, _ = probe(tmp_path, talk)
    assert (result.verdict, result.findings) == ("proven", ())


@pytest.mark.parametrize("start", [b"", b"\x16", b"\x16\x03\x03\x20\x00\x02\x00"], ids=["silence", "octet", "record"])
@pytest.mark.parametrize("beside", [True, False])
def test_a_handshake_that_stalls_is_a_time_out_only_if_another_succeeds(tmp_path, start, beside):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        world.vendor.set(TARGET, "A", [EDGE_ADDRESS, STALLS] if beside else [STALLS])
        stream = Stream(then_hold(start) if start else then_hold(), until=b"\x03")
        world.loop.serve_stream(stream.handle, STALLS, world.https_port)
        if beside:
            Edge(world, authority.context(HOST))
        result = world.verify(expect(endpoints=[endpoint(http="off")]), ca=authority.file, **SHORT)
    assert errors(result) == ({"tls.timeout"} if beside else set())
    assert result.verdict == ("differs" if beside else "not-proven")
    late = {finding.vantage.address for finding in result.findings if finding.rule == "tls.timeout"}
    assert late == ({STALLS} if beside else set())
    assert stream.connections <= MOST_CONNECTIONS
