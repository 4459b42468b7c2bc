"""One packet of a hostile server: through the decoder, the judges of zones, records, resolvers and CAA, and every report.

An input is two octets that choose what was asked and expected, then the packet without its id. With the top bit of the
first octet set the question is put in after twelve octets of header, so that a change of the rest is not always the
answer to another question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import dns.dnssec
import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from linkproof.expectations.model import Expectations, parse
from linkproof.verify.conclude.reproduce import Reproducer
from linkproof.verify.conclude.verdict import conclude
from linkproof.verify.judge.answer_text import with_record_evidence, with_zone_evidence
from linkproof.verify.judge.caa import judge_caa
from linkproof.verify.judge.dns_copies import Copies
from linkproof.verify.judge.dns_record import judge_record
from linkproof.verify.judge.dns_resolver import judge_resolver
from linkproof.verify.judge.dns_server import healthy_servers, judge_zone
from linkproof.verify.judge.record_context import RecordContext
from linkproof.verify.judge.subject import FindingSubject
from linkproof.verify.observations.answer import NoUsableReply, Reply
from linkproof.verify.observations.record import RecordAnswers, RecordObservation
from linkproof.verify.observations.resolved import Resolved
from linkproof.verify.observations.vantage import Reachability, ServerAddress, Vantage
from linkproof.verify.observations.zone import ZoneObservation
from linkproof.verify.observe.dns.message import NotOurAnswerError, decode
from linkproof.verify.observe.dns.query import Query, make_query
from linkproof.verify.observe.dns.question import DNSSEC, PLAIN
from linkproof.verify.options import VerifyOptions
from linkproof.verify.result import Cell

from tests.fuzz.differential import FAST, assert_agrees
from tests.fuzz.invariants import assert_sound
from tests.fuzz.target import Target

NAME, ZONE = "url.example.test.", "example.test."
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
VANTAGE = Vantage("authoritative", "ns.example.test.", "192.0.2.1", "udp")
RESOLVER = Vantage("resolver", "192.0.2.53", "192.0.2.53", "udp")
SERVER = ServerAddress("ns.example.test.", "192.0.2.1")
ASKED = (
    *((NAME, kind) for kind in ("CNAME", "A", "TXT", "CAA", "HTTPS", "NSEC")),
    *((ZONE, kind) for kind in ("SOA", "NS", "DNSKEY", "DS")),
)
MATCHES = ("exact", "contains", "any_of", "absent")
WITH_QUESTION = 0x80
# A record is 11 octets at least; the longest text is a name of 255 octets, each written as \ddd, and a few words more.
_LEAST_RECORD, _MOST_OF_AN_OCTET, _LONGEST_NAME = 11, 5, 1100
_ALGORITHM_13 = "257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="
KEY = dns.rdata.from_text("IN", "DNSKEY", _ALGORITHM_13)


def query_of(choice: int) -> Query:
    name, kind = ASKED[choice % len(ASKED)]
    return make_query(name, kind, DNSSEC if choice & 0x40 else PLAIN)


def packet_of(data: bytes, query: Query) -> bytes:
    """The packet of an input, with the id of the query, so that only its contents decide."""
    header, rest = data[2:12], data[12:]
    return query.wire[:2] + header + (question_of(query) if data[0] & WITH_QUESTION else b"") + rest


def question_of(query: Query) -> bytes:
    return query.question


def run(data: bytes) -> None:
    if len(data) < 12:
        return
    query = query_of(data[0] & 0x7F)
    packet = packet_of(data, query)
    assert_agrees(FAST, packet, query, VANTAGE)
    try:
        reply = decode(packet, query, VANTAGE)
    except NotOurAnswerError:
        return
    assert_bounded(reply, len(packet))
    judge(reply, data[1])


def assert_bounded(reply: Reply, octets: int) -> None:
    """What a packet becomes is plain text, no longer than its octets allow."""
    records = (*reply.answer, *reply.authority, *reply.additional)
    assert len(records) <= octets // _LEAST_RECORD
    for record in records:
        assert 0 <= record.ttl_seconds < 2**31
        for text in (record.name, record.type, record.value):
            assert text.isprintable(), repr(text)
            assert text.isascii(), repr(text)
            assert len(text) <= _MOST_OF_AN_OCTET * octets + _LONGEST_NAME, len(text)


def judge(reply: Reply, choice: int) -> None:
    """Every judge that ever sees such an answer, then the reports."""
    kind = reply.type if reply.type in {"A", "AAAA", "CAA", "CNAME", "NS", "TXT"} else "CNAME"
    expectations = _expectations(kind, reply.name, MATCHES[choice & 3], "proxied" if choice & 4 else "as-declared")
    record, declared = expectations.records[0], expectations.zones[0]
    context = RecordContext(declared, expectations.previous, Reachability(frozenset({("udp", "192.0.2.9")})), NOW)
    zone = _zone(reply)
    subject = FindingSubject(declared.id, declared.path, ZONE, "SOA", (record.id,))
    cells: list[Cell] = with_zone_evidence(judge_zone(subject, zone, context.reach, declared, NOW), zone)
    healthy_servers(zone)
    found = RecordAnswers(reply, reply, reply if choice & 8 else None, reply, reply)
    last = [item.value for item in reply.answer if item.type == "CNAME"]
    target = Resolved("missing" if choice & 16 else "found", (record.name, *last[:16]), reply.answer, reply, "nothing")
    seen = RecordObservation(
        zone, {SERVER: found}, wildcard=reply if choice & 32 else None, target=target, doubled=reply
    )
    cells += with_record_evidence(judge_record(record, seen, context, {}), [found], target)
    asked = replace(reply, vantage=RESOLVER)
    resolver = RecordAnswers(asked, asked, unchecked=asked, control=asked, users=(asked,))
    cells += [judge_resolver(Copies(record, resolver, context, NOW, target), NOW if choice & 64 else None)]
    caa = tuple(item for item in reply.answer if item.type == "CAA")
    if caa:
        cells.append(judge_caa(expectations.caa[0], Resolved("found", (reply.name,), caa, reply)))
    assert all(cell.id for cell in cells)
    show = Reproducer(expectations, VerifyOptions())
    assert_sound(conclude(cells, (), strict=False, places={}, timing={}, reproduce=show), expectations)


def _expectations(kind: str, name: str, match: str, served: str) -> Expectations:
    return parse(
        {
            "version": 1,
            "zones": [{"id": "zone", "name": ZONE, "dnssec": "signed", "transfer_group": "one"}],
            "records": [
                {"id": "record", "name": name, "type": kind, "match": match, "served": served, "values": ["a.test."]}
                | {"ttl_seconds": 60}
            ],
            "caa": [{"id": "caa", "host": "url.example.test", "cas": ["amazon.com"]}],
            "previous": [{"record": "record", "values": ["b.test."], "changed_at": NOW.isoformat()}],
        }
    )


def _zone(reply: Reply) -> ZoneObservation:
    """A signed zone in which this server gave this answer to everything, and another one is silent."""
    other = ServerAddress("ns2.example.test.", "192.0.2.2")
    silent = NoUsableReply(ZONE, "SOA", Vantage("authoritative", other.server, other.address, "udp"), "timeout")
    return ZoneObservation(
        ZONE,
        "test.",
        VANTAGE,
        ("ns.example.test.", "ns2.example.test."),
        glue=(SERVER,),
        addresses=tuple(ServerAddress(SERVER.server, item.value) for item in reply.additional if item.type == "A")[:8],
        servers=(SERVER, other),
        soa={SERVER: reply, other: silent},
        ns={SERVER: reply, other: silent},
        parents={SERVER: reply, other: replace(reply, authoritative=not reply.authoritative)},
        ds=reply if reply.type == "DS" else _ds(),
        tcp={SERVER: reply},
        edns={SERVER: ((silent, reply),) * 3},
        keys={SERVER: reply},
        signed_soa={SERVER: reply},
    )


def _ds() -> Reply:
    message = dns.message.make_response(dns.message.from_wire(make_query(ZONE, "DS").wire))
    message.answer.append(dns.rrset.from_rdata(ZONE, 60, dns.dnssec.make_ds(ZONE, KEY, "SHA256")))
    query = make_query(ZONE, "DS")
    query.id = message.id
    return decode(message.to_wire(), query, VANTAGE)


def seeds() -> Mapping[str, bytes]:
    """One honest answer to each question, and the shapes that have hurt other programs."""
    honest = {
        "CNAME": "edge.vendor.test.",
        "A": "192.0.2.7",
        "TXT": '"v=1 \\027[2J<script>" "more"',
        "CAA": '0 issue "letsencrypt.org; x=y"',
        "HTTPS": '1 . alpn="h2,h3" ipv4hint=192.0.2.1',
        "NSEC": "a.example.test. CNAME RRSIG NSEC TYPE128",
        "SOA": "ns. host. 7 900 300 86400 60",
        "NS": "ns.example.test.",
        "DNSKEY": _ALGORITHM_13,
        "DS": "12345 13 2 " + "ab" * 32,
    }
    found = {}
    for number, (name, kind) in enumerate(ASKED):
        message = dns.message.make_response(dns.message.from_wire(query_of(number).wire))
        message.flags |= dns.flags.AA
        message.answer += [dns.rrset.from_text(name, 300, "IN", kind, honest[kind])] * 2
        message.answer.append(_signature(name, kind))
        # one record in each set, for the order of several is another one each time
        message.authority += [dns.rrset.from_text(ZONE, 300, "IN", "NS", f"{one}.{ZONE}") for one in ("ns", "ns9")]
        message.additional += [dns.rrset.from_text(f"ns.{ZONE}", 300, "IN", "A", f"192.0.2.{one}") for one in (1, 8)]
        message.use_edns(0, options=[dns.edns.EDEOption(dns.edns.EDECode(9), "no key")])
        found[f"honest-{kind.lower()}"] = _input(number, number, message.to_wire())
    # what servers usually answer, which the fast reader takes
    for name, values in (("cname", ["edge.vendor.test."]), ("two-cnames", ["a.test.", "b.test."]), ("nothing", [])):
        usual = dns.message.make_response(dns.message.from_wire(query_of(0).wire))
        usual.flags |= dns.flags.AA
        usual.answer += [dns.rrset.from_text(NAME, 300, "IN", "CNAME", value) for value in values]
        usual.authority += [] if values else [dns.rrset.from_text(ZONE, 300, "IN", "SOA", honest["SOA"])]
        found[f"usual-{name}"] = _input(0, 0, usual.to_wire())
    empty = dns.message.make_response(dns.message.from_wire(query_of(0).wire))
    for code in (dns.rcode.NXDOMAIN, dns.rcode.SERVFAIL, dns.rcode.REFUSED, dns.rcode.BADVERS):
        empty.set_rcode(code)
        found[f"code-{dns.rcode.to_text(code).lower()}"] = _input(0, 0, empty.to_wire())
    octets = bytes([WITH_QUESTION, 0]) + bytes.fromhex("8400 0001 0001 0000 0000")
    record = bytes.fromhex("0005 0001 0000003c 0002 c00c")
    found["pointer-to-itself"] = octets + bytes.fromhex("c022") + record
    found["pointer-forward"] = octets + bytes.fromhex("c0ff") + record
    found["pointers-in-a-ring"] = octets + bytes.fromhex("c024 c022") + record
    found["65535-records-claimed"] = bytes([WITH_QUESTION, 0]) + bytes.fromhex("8400 0001 ffff ffff ffff")
    found["option-longer-than-the-packet"] = (
        octets[:-2]
        + b"\0\1"
        + bytes.fromhex("c00c")
        + record
        + bytes.fromhex("00 0029 04d0 00000000 ffff 000f ffff 0009")
    )
    return found


def _signature(name: str, kind: str) -> dns.rrset.RRset:
    text = f"{kind} 13 3 300 20261201000000 20261101000000 {dns.dnssec.key_id(KEY)} {ZONE} {'A' * 86}=="
    return dns.rrset.from_text(name, 300, "IN", "RRSIG", text)


def _input(asked: int, expected: int, wire: bytes) -> bytes:
    question_end = wire.index(b"\0", 12) + 5
    return bytes([asked | WITH_QUESTION, expected]) + wire[2:12] + wire[question_end:]


TARGET = Target(run, seeds, max_octets=4096)
