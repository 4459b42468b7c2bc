"""The fast reader reads exactly what dnspython reads, or leaves it to dnspython."""

from __future__ import annotations

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkproof.verify.observations.answer import Reply
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observe.dns.fast_reader import FastReader
from linkproof.verify.observe.dns.message import NotOurAnswerError, decode
from linkproof.verify.observe.dns.query import make_query
from linkproof.verify.observe.dns.question import DNSSEC, PLAIN, WITHOUT_EDNS, Manner

NAME = "url4821.example.test."
VANTAGE = Vantage("authoritative", "ns.", "192.0.2.1", "udp")
SOA = "ns1.example.test. hostmaster.example.test. 1 900 300 86400 60"


def answered(query, *records, rcode=dns.rcode.NOERROR, authority=(), additional=(), edns=True, options=()):
    message = dns.message.make_response(dns.message.from_wire(query.wire))
    message.flags |= dns.flags.AA
    for section, items in ((message.answer, records), (message.authority, authority), (message.additional, additional)):
        section.extend(dns.rrset.from_text(name, ttl, "IN", kind, value) for name, kind, ttl, value in items)
    message.use_edns(0 if edns else -1, options=list(options))
    message.set_rcode(rcode)
    return message.to_wire()


def both(packet, query):
    """What the fast reader and dnspython make of a packet; a packet that dnspython refuses is None."""
    fast = FastReader().read(packet, query, VANTAGE)
    try:
        return fast, decode(packet, query, VANTAGE)
    except NotOurAnswerError:
        return fast, None


@pytest.mark.parametrize(
    ("records", "others"),
    [
        ([(NAME, "CNAME", 300, "d111111abcdef8.cloudfront.net.")], {}),
        ([(NAME, "CNAME", 300, "EDGE.Example.test.")], {}),
        ([(NAME, "CNAME", 300, "a.test."), (NAME, "CNAME", 300, "b.test.")], {}),
        ([(NAME, "CNAME", 60, "a.example.test."), ("a.example.test.", "A", 60, "192.0.2.7")], {}),
        ([(NAME, "AAAA", 60, "2001:db8::1"), (NAME, "AAAA", 60, "::ffff:192.0.2.1")], {}),
        ([], {"rcode": dns.rcode.NXDOMAIN, "authority": [("example.test.", "SOA", 300, SOA)]}),
        ([], {"authority": [("example.test.", "SOA", 300, SOA)]}),
        ([], {"authority": [("example.test.", "NS", 300, "ns1.example.test.")], "edns": False}),
        ([], {}),
    ],
)  # fmt: skip
def test_what_servers_usually_answer_is_read_without_dnspython_and_alike(records, others):
    query = make_query(NAME, "CNAME")
    fast, slow = both(answered(query, *records, **others), query)
    assert fast is not None
    assert fast == slow
    assert (fast.wire, fast.query_wire) == (slow.wire, slow.query_wire)


@pytest.mark.parametrize(
    ("records", "others"),
    [
        ([(NAME, "TXT", 300, '"v=spf1 -all"')], {}),
        ([(NAME, "CNAME", 300, r"a\.b.test.")], {}),
        ([], {"rcode": dns.rcode.SERVFAIL}),
        ([], {"rcode": dns.rcode.BADVERS}),
        ([], {"options": [dns.edns.EDEOption(6)]}),
        ([(NAME, "CNAME", 300, "a.test.")], {"additional": [("a.test.", "A", 300, "192.0.2.1")]}),
    ],
)
def test_anything_else_is_left_to_dnspython(records, others):
    query = make_query(NAME, "CNAME")
    fast, slow = both(answered(query, *records, **others), query)
    assert fast is None
    assert slow is not None


def test_another_case_of_the_question_and_a_cut_answer_are_left_to_dnspython():
    query = make_query(NAME, "CNAME")
    packet = answered(query, (NAME, "CNAME", 300, "a.test."))
    swapped = packet[:13] + packet[13:20].swapcase() + packet[20:]
    cut = packet[:2] + bytes([packet[2] | 0x02]) + packet[3:]
    assert FastReader().read(swapped, query, VANTAGE) is None
    assert decode(swapped, query, VANTAGE).case_kept is False
    assert FastReader().read(cut, query, VANTAGE) is None
    assert decode(cut, query, VANTAGE).truncated


def test_the_same_octets_from_another_server_are_one_set_of_records():
    reader, replies = FastReader(), []
    for _ in range(3):
        query = make_query(NAME, "CNAME")
        replies.append(reader.read(answered(query, (NAME, "CNAME", 300, "a.test.")), query, VANTAGE))
    assert replies[0].answer is replies[1].answer is replies[2].answer
    other = make_query(NAME, "CNAME")
    assert reader.read(answered(other, (NAME, "CNAME", 300, "b.test.")), other, VANTAGE).values("CNAME") == ("b.test.",)


def test_what_is_remembered_of_one_name_is_never_given_for_another():
    reader = FastReader()
    for name in (NAME, "url4822.example.test.", "rl4821.example.test."):
        query = make_query(name, "CNAME")
        reply = reader.read(answered(query, (name, "CNAME", 300, "a.test.")), query, VANTAGE)
        assert [record.name for record in reply.answer] == [name]


_labels = st.text("abcXYZ019-_", min_size=1, max_size=12)
_names = st.lists(_labels, min_size=1, max_size=4).map(lambda labels: ".".join(labels) + ".")
_rdata = st.one_of(
    st.tuples(st.sampled_from(["CNAME", "NS"]), _names),
    st.tuples(st.just("A"), st.ip_addresses(v=4).map(str)),
    st.tuples(st.just("AAAA"), st.ip_addresses(v=6).map(str)),
    st.tuples(st.just("SOA"), st.tuples(_names, _names).map(lambda two: f"{two[0]} {two[1]} 1 2 3 4 5")),
    st.tuples(st.just("TXT"), st.just('"text"')),
)


@settings(max_examples=400, deadline=None)
@given(
    name=_names,
    answers=st.lists(st.tuples(st.none() | _names, _rdata, st.integers(0, 2**31 - 1)), max_size=4),
    authority=st.lists(st.tuples(_names, _rdata), max_size=2),
    rcode=st.sampled_from([0, 3, 2, 5]),
    manner=st.sampled_from([PLAIN, DNSSEC, WITHOUT_EDNS, Manner(recursion_desired=True, authentic_wanted=True)]),
    damage=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=3),
    cut=st.none() | st.integers(0, 400),
)
def test_the_two_readers_never_disagree(name, answers, authority, rcode, manner, damage, cut):
    query = make_query(name, "CNAME", manner)
    records = [(owner or name, kind, ttl, value) for owner, (kind, value), ttl in answers]
    others = [(owner, kind, 300, value) for owner, (kind, value) in authority]
    packet = bytearray(answered(query, *records, rcode=rcode, authority=others, edns=manner.with_edns))
    for position, octet in damage:
        if 2 <= position < len(packet):
            packet[position] = octet
    packet = bytes(packet[:cut]) if cut is not None else bytes(packet)
    if len(packet) < 12:
        return
    fast, slow = both(packet, query)
    if fast is not None:
        assert fast == slow


@settings(max_examples=200, deadline=None)
@given(
    _names,
    st.sampled_from(["CNAME", "A", "TXT", "CAA"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(0, 255),
)
def test_the_octets_of_a_question_are_what_dnspython_would_write(name, kind, rd, dnssec, edns, version):
    manner = Manner(recursion_desired=rd, with_dnssec=dnssec, with_edns=edns, edns_version=version)
    query = make_query(name, kind, manner, mixed_case=False)
    wanted = dns.message.make_query(
        name.lower(), kind, use_edns=version if edns else -1, want_dnssec=dnssec and edns, payload=1232,
        flags=dns.flags.RD if rd else 0, id=query.id,
    )  # fmt: skip
    assert query.wire == wanted.to_wire()
    mixed = dns.message.from_wire(make_query(name, kind).wire).question[0].name
    assert mixed == dns.name.from_text(name)


def test_names_with_escapes_and_names_that_cannot_be_asked():
    assert (
        dns.message.from_wire(make_query(r"a\.b\200.test.", "A").wire).question[0].name.labels[0].lower() == b"a.b\xc8"
    )
    for bad in ("a..b.", "x" * 64 + ".test.", "a." * 130):
        with pytest.raises(dns.exception.DNSException):
            make_query(bad, "A")


def test_the_root_and_the_longest_name():
    assert make_query(".", "NS").wire[12:17] == b"\0\0\2\0\1"
    longest = ".".join(["x" * 63] * 3 + ["x" * 61]) + "."
    assert dns.message.from_wire(make_query(longest, "A").wire).question[0].name == dns.name.from_text(longest)
    assert isinstance(decode(answered(make := make_query(longest, "A")), make, VANTAGE), Reply)
