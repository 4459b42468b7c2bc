"""A whole run against servers that answer every question with a hostile packet: walking, judging, and how much is asked.

An input is a list of answers, each two octets of length and then a packet without id and question; the answers are given
in turn, over and over. The label `@@@@` is another one each time, so that a server can name ever new servers.
"""

from __future__ import annotations

import asyncio
import io
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import dns.exception
import dns.flags
import dns.rcode
import dns.rrset
from linkproof.expectations.model import parse
from linkproof.verify.observations.answer import Answer, NoUsableReply
from linkproof.verify.observations.edge import HttpObservation, TlsObservation
from linkproof.verify.observations.vantage import Reachability, ServerAddress, Vantage
from linkproof.verify.observe.dns.message import NotOurAnswerError, decode
from linkproof.verify.observe.dns.query import make_query
from linkproof.verify.observe.dns.question import DnsQuestion
from linkproof.verify.observe.port import Moment
from linkproof.verify.options import ResolverAddress, VerifyOptions
from linkproof.verify.survey.memory import RunMemory
from linkproof.verify.survey.rounds import conduct

from tests.fuzz.invariants import assert_sound
from tests.fuzz.packet import question_of
from tests.fuzz.target import Target

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ROOTS = (ServerAddress("a.root.", "198.51.100.1"),)
OPTIONS = VerifyOptions(resolvers=(ResolverAddress("udp", "192.0.2.53", 53),))
EXPECTATIONS = parse(
    {
        "version": 1,
        "zones": [{"id": "zone", "name": "example.test."}],
        "records": [{"id": "record", "name": "url.example.test.", "type": "CNAME", "values": ["edge.vendor.test."]}],
        "caa": [{"id": "caa", "host": "url.example.test", "cas": ["amazon.com"]}],
        "endpoints": [{"id": "edge", "host": "url.example.test", "sender": "sendgrid", "edge": "cloudfront"}],
    }
)
# a compression pointer to the first name after the header
TO_QUESTION = b"\xc0\x0c"
FRESH, ALPHABET = b"\x04@@@@", b"abcdefghijklmnopqrstuvwxyz012345"
# One record and one host: an honest run asks some forty questions, one of thirteen servers with every quirk a few hundred.
PATIENCE = 1000


class HostilePort:
    """Answers in turn, whoever is asked for whatever.

    Args:
        answers: packets without id and question.
        patience: how many questions are answered before all is silence, so that one input takes its second and no more.
    """

    def __init__(self, answers: list[bytes], patience: int = PATIENCE) -> None:
        self._answers, self._patience = answers, patience
        self.queries = self.strays = self._names = 0

    async def ask_many(self, questions: Sequence[DnsQuestion]) -> list[Answer]:
        return [self._ask(question) for question in questions]

    def forget(self, questions: Iterable[DnsQuestion]) -> None:
        """Nothing is kept."""

    async def close(self) -> None:
        """Nothing is open."""

    def _ask(self, question: DnsQuestion) -> Answer:
        vantage, name, record_type = question.vantage, question.name, question.type
        self.queries += 1
        try:
            query = make_query(name, record_type, question.manner, mixed_case=False)
        except (dns.exception.DNSException, ValueError):
            return NoUsableReply(name, record_type, vantage, "unreachable", "a name that cannot be asked for")
        if not self._answers or self.queries > self._patience or vantage.address == OPTIONS.control_address:
            return NoUsableReply(name, record_type, vantage, "timeout")
        answer = self._answers[(self.queries - 1) % len(self._answers)]
        answer = re.sub(re.escape(FRESH), lambda _: self._fresh(), answer)
        try:
            return decode(query.wire[:2] + answer[:10] + question_of(query) + answer[10:], query, vantage)
        except NotOurAnswerError:
            return NoUsableReply(name, record_type, vantage, "malformed", "", 1, 1)

    def _fresh(self) -> bytes:
        self._names += 1
        return b"\x04" + bytes(ALPHABET[self._names >> shift & 31] for shift in (0, 5, 10, 15))

    async def tls(self, host: str, address: str, probe: object) -> tuple[TlsObservation, HttpObservation | None]:
        return TlsObservation(Vantage("edge", host, address, "tls"), "timeout"), None

    async def http(self, host: str, address: str, probe: object) -> HttpObservation:
        return HttpObservation(Vantage("edge", host, address, "http"), "timeout", f"http://{host}/")

    def moment(self, stage: str) -> Moment:
        return Moment(NOW, Reachability(frozenset({("udp", "192.0.2.9")})))


class OneRound:
    roots = ROOTS
    walker = None

    def __init__(self, port: HostilePort) -> None:
        self._port = port

    def next_port(self) -> HostilePort:
        return self._port

    async def goes_on(self, *_: object) -> bool:
        return False

    def end(self, rounds: int, memory: RunMemory) -> dict[str, float]:
        return {"dns_queries": float(memory.queries)}


def answers_of(data: bytes) -> list[bytes]:
    answers, at = [], 0
    while at + 12 <= len(data) and len(answers) < 64:
        length = int.from_bytes(data[at : at + 2], "big") & 0x0FFF
        answers.append(data[at + 2 : at + 2 + max(length, 10)])
        at += 2 + max(length, 10)
    return [answer for answer in answers if len(answer) >= 10]


def run(data: bytes) -> None:
    port = HostilePort(answers_of(data))
    result = asyncio.run(conduct(EXPECTATIONS, OPTIONS, OneRound(port), {}, lambda _: None))
    assert result.coverage.cells, "something was judged"
    assert_sound(result, EXPECTATIONS)


def packed(*packets: bytes) -> bytes:
    return b"".join(len(packet).to_bytes(2, "big") + packet for packet in packets)


def answer(*, aa: bool = True, code: int = 0, sections: tuple[tuple[str, str, str], ...] = ()) -> bytes:
    """An answer to any question: `@` as an owner stands for the name that was asked.

    Args:
        sections: (section and owner as in `answer @`, type, value).
    """
    parts: dict[str, list[bytes]] = {"answer": [], "authority": [], "additional": []}
    for where, kind, value in sections:
        section, _, owner = where.partition(" ")
        file = io.BytesIO()
        dns.rrset.from_text(f"{owner.rstrip('.')}.", 300, "IN", kind, value).to_wire(file)
        wire = file.getvalue()
        parts[section].append(TO_QUESTION + wire[3:] if owner == "@" else wire)
    flags = dns.flags.QR | (dns.flags.AA if aa else 0) | code
    header = (flags, 1, *(len(records) for records in parts.values()))
    return struct.pack("!HHHHH", *header) + b"".join(b"".join(records) for records in parts.values())


def seeds() -> Mapping[str, bytes]:
    soa = ("answer @", "SOA", "ns. host. 1 900 300 86400 60")
    refer = (("authority @", "NS", "ns.@@@@.test."), ("additional ns.@@@@.test.", "A", "192.0.2.9"))
    address = ("answer @", "A", "192.0.2.7")
    whole = (soa, ("answer @", "NS", "ns.example.test."), address, ("answer @", "CNAME", "edge.vendor.test."))
    denied = (("authority test", "SOA", "ns. host. 1 900 300 86400 60"),)
    signed = ("answer @", "DS", "12345 13 2 " + "ab" * 32)
    return {
        "silence": b"",
        "refused": packed(answer(code=dns.rcode.REFUSED)),
        "nothing": packed(answer()),
        "denied": packed(answer(code=dns.rcode.NXDOMAIN, sections=denied)),
        "everything-at-once": packed(answer(sections=whole)),
        "referral-to-itself": packed(answer(aa=False, sections=refer)),
        "referral-then-everything": packed(answer(aa=False, sections=refer), answer(sections=whole)),
        "one-cname-for-ever": packed(answer(sections=(("answer @", "CNAME", "@@@@.test."),))),
        "signed": packed(answer(sections=(*whole, signed))),
    }


TARGET = Target(run, seeds, max_octets=4096)
