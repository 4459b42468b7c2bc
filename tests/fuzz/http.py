"""One HTTP answer of a hostile edge: through the client, the redaction, the endpoint's judges and every report.

An input is one octet that chooses what was asked and expected, one that says how the rest arrives, then the answer: in
up to 127 pieces, or, with the top bit set, with its last octets (that many) coming again and again for ever. The reader
is fed by hand, so that the work is counted and no clock is involved.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from linkproof.expectations.model import Expectations, parse
from linkproof.verify.conclude.reproduce import Reproducer
from linkproof.verify.conclude.verdict import conclude
from linkproof.verify.judge.answer_text import with_endpoint_evidence
from linkproof.verify.judge.endpoint import judge_endpoint
from linkproof.verify.marks import EDGE_ANSWERS, MOST_OCTETS, Probe, edge_answers, sender_answers
from linkproof.verify.observations.edge import (
    EndpointObservation,
    HttpObservation,
    ParentObservation,
    PresentedCertificate,
    TlsObservation,
)
from linkproof.verify.observations.resolved import Resolved
from linkproof.verify.observations.vantage import Reachability, Vantage
from linkproof.verify.observe import http1
from linkproof.verify.options import VerifyOptions
from linkproof.verify.redaction.redact import redact_answer

from tests.fuzz.invariants import assert_sound
from tests.fuzz.target import Target

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
HOST, ADDRESS, PARENT = "url.example.test", "192.0.2.7", "example.test"
SENDERS = ("sendgrid", "sparkpost", "ses", None)
_LEAF = PresentedCertificate((HOST, PARENT), "CN=x", NOW.replace(year=2025), NOW.replace(year=2027), False, False)
ENDLESS, _AT_ONCE = 0x80, 4096
# The bounds of heads, body and the framing of chunks, and what may lie in the reader unread when the client stops.
MOST_OCTETS = http1.MAX_HEADER_OCTETS + MOST_OCTETS + http1.MAX_FRAMING_OCTETS + http1.MAX_HEADER_OCTETS + 2 * _AT_ONCE


class _Discards:
    """A writer for a request that nobody reads."""

    def write(self, octets: bytes) -> None:
        assert octets.startswith((b"GET ", b"HEAD "))

    async def drain(self) -> None:
        return None


class Wire:
    """An answer that arrives in pieces, each only when the client waits for it."""

    def __init__(self, octets: bytes, how: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._reader = asyncio.StreamReader(limit=http1.MAX_HEADER_OCTETS, loop=self._loop)
        size = len(octets) if how & ENDLESS else -(-len(octets) // max(how, 1))
        self._left = [octets[at : at + size] for at in range(0, len(octets), size)] if octets else []
        self._tail = octets[-(how & 0x7F) :] if how & ENDLESS else b""
        self.taken = 0

    def exchange(self, method: str) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        work: Any = http1.exchange(self._reader, _Discards(), HOST, Probe(method, "/"))  # type: ignore[arg-type]
        try:
            while True:
                try:
                    work.send(None)
                except StopIteration as done:
                    return done.value
                self._more()
        finally:
            work.close()
            self._loop.close()

    def _more(self) -> None:
        piece = self._left.pop(0) if self._left else self._tail * max(1, _AT_ONCE // max(len(self._tail), 1))
        if not piece:
            self._reader.feed_eof()
            return
        self.taken += len(piece)
        assert self.taken <= MOST_OCTETS, f"the client takes more than {MOST_OCTETS} octets"
        self._reader.feed_data(piece)


def run(data: bytes) -> None:
    if len(data) < 2:
        return
    choice, how, octets = data[0], data[1], data[2:]
    wire = Wire(octets, how)
    method = "HEAD" if choice & 1 else "GET"
    try:
        answer = wire.exchange(method)
    except (http1.MalformedAnswerError, EOFError):
        return
    assert_bounded(answer, method)
    judge(answer, choice)


def assert_bounded(answer: tuple[int, tuple[tuple[str, str], ...], bytes], method: str) -> None:
    status, headers, body = answer
    assert 0 <= status <= 999
    assert len(headers) <= http1.MAX_HEADERS
    assert sum(len(name) + len(value) for name, value in headers) <= http1.MAX_HEADER_OCTETS
    assert len(body) <= MOST_OCTETS
    assert not (method == "HEAD" and body)


def judge(answer: tuple[int, tuple[tuple[str, str], ...], bytes], choice: int) -> None:
    status, headers, body = answer
    scheme, other = ("https", "http") if choice & 2 else ("http", "https")
    sender = SENDERS[(choice >> 2) & 3]
    edge = sorted(EDGE_ANSWERS)[(choice >> 4) % len(EDGE_ANSWERS)]
    phase = "ready" if choice & 0x80 else "live"
    expectations = _expectations(sender, edge, phase)

    def seen(scheme: str) -> HttpObservation:
        vantage = Vantage("edge", HOST, ADDRESS, "https" if scheme == "https" else "http")
        url = f"{scheme}://{HOST}/ls/click?upn="
        return redact_answer(HttpObservation(vantage, "answered", url, "", status, headers, body, 0.1))

    parent_tls = TlsObservation(Vantage("edge", PARENT, ADDRESS, "tls"), "answered", "", "TLSv1.3", (_LEAF,), (_LEAF,))
    observation = EndpointObservation(
        None,
        (ADDRESS,),
        tls={ADDRESS: TlsObservation(Vantage("edge", HOST, ADDRESS, "tls"), "refused")},
        **{scheme: {ADDRESS: seen(scheme)}, other: {ADDRESS: seen(other)}},
        parents={PARENT: ParentObservation(Resolved("found", (f"{PARENT}.",)), parent_tls, seen("https"))},
    )
    edges = {name: edge_answers(name) for name in EDGE_ANSWERS}
    cells = judge_endpoint(expectations.endpoints[0], observation, sender_answers(sender), edges, Reachability(), NOW)
    cells = with_endpoint_evidence(cells, observation)
    show = Reproducer(expectations, VerifyOptions())
    assert_sound(conclude(cells, (), strict=False, places={}, timing={}, reproduce=show), expectations)


def _expectations(sender: str | None, edge: str, phase: str) -> Expectations:
    endpoint = {"id": "edge", "host": HOST, "connect": ADDRESS, "sender": sender, "edge": edge, "phase": phase}
    return parse({"version": 1, "endpoints": [{**endpoint, "nonce": "abc", "hsts_parents": [PARENT]}]})


def seeds() -> Mapping[str, bytes]:
    """The known answers of every sender and edge in this client's reach, and the shapes that have hurt other clients."""
    plain = {
        "wrong-link": b"HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nWrong Link",
        "bad-hostname": b"HTTP/1.1 404 X\r\nServer: nginx\r\n\r\nBad Hostname in Link",
        "cloudfront": b"HTTP/1.1 403 Forbidden\r\nServer: CloudFront\r\nX-Amz-Cf-Id: a\r\nX-Cache: Error from cloudfront\r\n"
        b"\r\nThe request could not be satisfied. Generated by cloudfront (CloudFront)",
        "cloudflare": b"HTTP/1.1 409 X\r\nServer: cloudflare\r\nCF-Ray: a\r\ncf-cache-status: HIT\r\n\r\nerror code: 1001",
        "cached": b"HTTP/1.1 200 OK\r\nAge: 12\r\nX-Cache: Hit from cloudfront\r\n\r\n",
        "chunked": b"HTTP/1.1 404 X\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nWrong\r\n5\r\n Link\r\n0\r\nA: b\r\n\r\n",
        "redirect": b"HTTP/1.1 302 X\r\nLocation: https://url.example.test/ls/click?upn=&token=0123456789abcdef\r\n\r\n",
        "redirect-to-a-bad-url": b"HTTP/1.1 301 X\r\nLocation: http://[::1\x9b/\r\n\r\n",
        "interim": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
        "hsts": b"HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=99; includeSubDomains\r\nlinkproof: abc\r\n\r\n",
        "escapes": b"HTTP/1.1 200 \x1b[2J\r\nServer: \x1b]8;;http://evil\x07<script>alert(1)</script>\x9b31m\r\n"
        b"Set-Cookie: a=secret; <b>\r\nx-cache: hit \x1b[2J|`a`\r\n\r\n\x1b[2J</pre><script>alert(1)</script>\xe2\x80\xae",
        "ssh": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 99999999999\r\n\r\nabc",
        "negative-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc",
    }
    found = {f"{name}-{scheme}": bytes([choice, 1]) + octets for name, octets in plain.items() for scheme, choice in (("https", 2), ("http", 0x20))}  # fmt: skip
    head = b"HTTP/1.1 200 OK\r\n"
    endless = {
        "headers": head + b"A: b\r\n",
        "header": head + b"A: bbbb",
        "interim": b"HTTP/1.1 100 C\r\n\r\n",
        "body": head + b"\r\nWrong Link",
        "chunks": head + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
        "chunk-extensions": head + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 100 + b"\r\na\r\n",
        "chunk-size": head + b"Transfer-Encoding: chunked\r\n\r\n00000000",
    }
    again = {
        "headers": 6,
        "header": 4,
        "interim": 18,
        "body": 10,
        "chunks": 6,
        "chunk-extensions": 107,
        "chunk-size": 8,
    }
    found |= {f"endless-{name}": bytes([2, ENDLESS | again[name]]) + octets for name, octets in endless.items()}
    return found | {"octet-by-octet": bytes([2, 127]) + plain["chunked"]}


TARGET = Target(run, seeds, max_octets=2048)
