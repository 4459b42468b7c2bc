"""Hostile packets: the decoder and the judge take anything and never raise, and never accept another question's answer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import dns.flags
import dns.message
import dns.rrset
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from linkproof.expectations.model import RecordExpectation
from linkproof.verify.evidence.writer import EvidenceWriter
from linkproof.verify.judge.dns_record import judge_record
from linkproof.verify.judge.record_context import RecordContext
from linkproof.verify.observations.answer import NoUsableReply, Reply, ResourceRecord
from linkproof.verify.observations.record import RecordAnswers, RecordObservation
from linkproof.verify.observations.vantage import Reachability, ServerAddress, Vantage
from linkproof.verify.observations.zone import ZoneObservation, is_older
from linkproof.verify.observe.dns.message import NotOurAnswerError, decode
from linkproof.verify.observe.dns.query import make_query
from linkproof.verify.observe.dns.question import DnsQuestion
from linkproof.verify.observe.dns.transport import DnsTransport
from linkproof.verify.observe.reachability import ReachabilityLog
from linkproof.verify.rules.registry import RULES
from linkproof.verify.values import canonical_value

from tests.ports import free_port
from tests.verify.servers import CutsShort, Loop, Spoofed

VANTAGE = Vantage("authoritative", "ns.", "192.0.2.1", "udp")
QUERY = make_query("url.example.test.", "CNAME")
RIGHT = dns.message.make_response(dns.message.from_wire(QUERY.wire))
RIGHT.flags |= dns.flags.AA
RIGHT.answer.append(dns.rrset.from_text("url.example.test.", 300, "IN", "CNAME", "a.test."))
RIGHT.answer.append(dns.rrset.from_text("url.example.test.", 300, "IN", "CNAME", "b.test."))
RIGHT_WIRE = RIGHT.to_wire()


def test_duplicates_and_flags_survive_decoding():
    reply = decode(RIGHT_WIRE, QUERY, VANTAGE)
    assert reply.values("CNAME") == ("a.test.", "b.test.")
    assert (reply.authoritative, reply.rcode) == (True, "NOERROR")


def test_questions_ask_without_recursion_with_edns_and_a_random_id():
    message = dns.message.from_wire(QUERY.wire)
    assert (message.edns, message.payload, message.flags & dns.flags.RD) == (0, 1232, 0)
    assert len({make_query("a.", "A").id for _ in range(20)}) > 10


@pytest.mark.parametrize(
    "change",
    [
        lambda wire: bytes([wire[0] ^ 1]) + wire[1:],
        lambda wire: wire[:2] + bytes([wire[2] & 0x7F]) + wire[3:],
        lambda wire: wire[:13] + b"x" + wire[14:],
        lambda wire: wire[:4] + b"\0\0" + wire[6:],
        lambda wire: wire[:12] + b"\xc0\x0c" + wire[14:],
        lambda wire: wire[:5],
        lambda wire: b"",
    ],
)
def test_anything_that_is_not_our_answer_is_refused(change):
    with pytest.raises(NotOurAnswerError):
        decode(change(RIGHT_WIRE), QUERY, VANTAGE)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_garbage_never_gets_further_than_the_decoder(garbage):
    for packet in (garbage, RIGHT_WIRE[:2] + garbage, RIGHT_WIRE[: len(QUERY.wire) - 11] + garbage):
        try:
            reply = decode(packet, QUERY, VANTAGE)
        except NotOurAnswerError:
            continue
        assert (reply.name, reply.type) == ("url.example.test.", "CNAME")


_names = st.sampled_from(["url.example.test.", "example.test.", ".", "other.", "\x1b[2J.", ""])
_records = st.builds(
    ResourceRecord,
    _names,
    st.sampled_from(["CNAME", "A", "NS", "SOA", "TXT", "NSEC", "CAA"]),
    st.integers(0, 2**31),
    st.text(max_size=20),
)
_sections = st.lists(_records, max_size=4).map(tuple)
_replies = st.builds(
    Reply, st.just("url.example.test."), st.just("CNAME"), st.just(VANTAGE), st.sampled_from(["NOERROR", "NXDOMAIN", "REFUSED", "SERVFAIL", "BADVERS", "23"]), st.booleans(), _sections, _sections
)  # fmt: skip
_silences = st.builds(
    NoUsableReply,
    st.just("url.example.test."),
    st.just("CNAME"),
    st.just(VANTAGE),
    st.sampled_from(["timeout", "refused", "unreachable", "tcp"]),
)
_answers = st.one_of(_replies, _silences)


@settings(max_examples=300, deadline=None)
@given(
    own=_answers,
    address=st.none() | _answers,
    soa=_answers,
    wildcard=st.none() | _answers,
    match=st.sampled_from(["exact", "contains", "any_of", "absent"]),
    served=st.sampled_from(["as-declared", "proxied"]),
)
@example(
    own=Reply("url.example.test.", "CNAME", VANTAGE, "NOERROR", True, ()),
    address=Reply(
        "url.example.test.", "CNAME", VANTAGE, "NOERROR", False, (ResourceRecord("url.example.test.", "A", 0, ""),)
    ),
    soa=NoUsableReply("url.example.test.", "CNAME", VANTAGE, "timeout"),
    wildcard=None,
    match="exact",
    served="as-declared",
)  # an address that is none, as a saved answer may have it
def test_the_judge_takes_any_answer_and_names_only_known_rules(own, address, soa, wildcard, match, served):
    record = RecordExpectation(
        id="a", name="url.example.test", type="CNAME", values=("a.test",), match=match, served=served, ttl_seconds=60
    )
    server = ServerAddress("ns.", "192.0.2.1")
    zone = ZoneObservation("example.test.", "test.", VANTAGE, ("ns.",), servers=(server,), soa={server: soa})
    seen = RecordObservation(zone, {server: RecordAnswers(own, address)}, wildcard=wildcard)
    cells = judge_record(record, seen, RecordContext(None, (), Reachability(), datetime.now(UTC)), {})
    assert len(cells) == 1
    for cell in cells:
        assert cell.finding is None or cell.finding.rule in RULES
        if cell.state == "right" and match == "exact" and served == "as-declared":
            assert isinstance(own, Reply)
            assert own.authoritative
            assert set(own.values("CNAME")) == {"a.test."}


@given(st.integers(0, 2**32 - 1), st.integers(1, 2**31 - 1))
def test_serials_compare_around_the_end(serial, step):
    later = (serial + step) % 2**32
    assert is_older(serial, later)
    assert not is_older(later, serial)
    assert not is_older(serial, serial)


def test_a_mail_server_is_its_preference_and_a_name_in_whatever_case():
    assert canonical_value("MX", "10 Feedback-SMTP.example.com") == "10 feedback-smtp.example.com."
    assert canonical_value("MX", "20 feedback-smtp.example.com.") != canonical_value(
        "MX", "10 feedback-smtp.example.com."
    )


@given(st.sampled_from(["A", "AAAA", "CNAME", "TXT", "CAA", "MX"]), st.text(max_size=60))
def test_the_comparable_form_is_stable(record_type, text):
    once = canonical_value(record_type, text)
    if record_type != "TXT":  # quotes inside text are content the second time
        assert canonical_value(record_type, once) == once


@pytest.mark.parametrize(("server_class", "ignored", "transport"), [(Spoofed, 4, "udp"), (CutsShort, 0, "tcp")])
def test_a_question_keeps_listening_and_counts_what_it_ignored(server_class, ignored, transport):
    loop, port, server = Loop(), free_port(), server_class()
    server.load("example.test.", {("url.example.test.", "CNAME"): ["a.test."]})
    try:
        loop.serve_dns(server, "127.61.8.1", port)
        vantage = Vantage("authoritative", "ns.", "127.61.8.1", "udp")
        reply = asyncio.run(_ask(DnsQuestion(vantage, port, "url.example.test.", "CNAME")))
    finally:
        loop.close()
    assert isinstance(reply, Reply)
    assert reply.values("CNAME") == ("a.test.",)
    assert (reply.ignored_packets, reply.vantage.transport) == (ignored, transport)


async def _ask(question):
    transport = DnsTransport(timeout_seconds=2, attempts=2, reached=ReachabilityLog(), evidence=EvidenceWriter(None))
    try:
        return await transport.ask(question)
    finally:
        transport.close()


SERVICES = make_query("url.example.test.", "HTTPS")


def answered(*data: bytes) -> bytes:
    """An answer to the question for HTTPS records: a CNAME, and a record of each data at its target."""
    message = dns.message.make_response(dns.message.from_wire(SERVICES.wire))
    message.answer.append(dns.rrset.from_text("url.example.test.", 300, "IN", "CNAME", "Edge.test."))
    wire = bytearray(message.to_wire(max_size=0))
    end = len(wire) - (11 if message.edns >= 0 else 0)
    added = b"".join(
        b"\x04edge\x04test\0" + (65).to_bytes(2) + b"\0\1" + (60).to_bytes(4) + len(one).to_bytes(2) + one
        for one in data
    )
    wire[6:8] = (1 + len(data)).to_bytes(2)
    return bytes(wire[:end] + added + wire[end:])


PORT, ALPN = b"\0\3\0\2\x01\xbb", b"\0\1\0\3\2h2"


def test_parameters_of_an_alias_are_ignored_as_clients_must():
    reply = decode(answered(b"\0\0\4Cdn1\4test\0" + ALPN), SERVICES, VANTAGE)
    assert [(one.type, one.value) for one in reply.answer] == [("CNAME", "edge.test."), ("HTTPS", "0 cdn1.test.")]


def test_with_one_malformed_service_record_the_whole_set_is_as_if_it_were_not_there():
    right, keys_out_of_order = b"\0\1\0" + ALPN, b"\0\1\0" + PORT + ALPN
    reply = decode(answered(right), SERVICES, VANTAGE)
    assert [one.value for one in reply.answer] == ["edge.test.", '1 . alpn="h2"']
    reply = decode(answered(right, keys_out_of_order), SERVICES, VANTAGE)
    assert [one.value for one in reply.answer] == ["edge.test."]


def test_a_message_that_is_broken_elsewhere_stays_broken():
    whole = answered(b"\0\0\4cdn1\4test\0" + ALPN)
    with pytest.raises(NotOurAnswerError) as raised:
        decode(whole[:6] + b"\0\x09" + whole[8:], SERVICES, VANTAGE)
    assert raised.value.is_malformed
