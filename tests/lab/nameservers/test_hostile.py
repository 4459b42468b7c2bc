"""Nothing that a client sends, and no order of changes, confuses the servers."""

from __future__ import annotations

import asyncio

import dns.message
from hypothesis import given, settings
from hypothesis import strategies as st
from linkproof_lab.nameservers.wire import NoReply, empty_response, handle
from linkproof_lab.nameservers.zoneview import ZoneView
from linkproof_lab.store import RRsetVersion

GOOD = dns.message.make_query("url1.example.com", "CNAME", use_edns=0, want_dnssec=True).to_wire()
PACKETS = st.one_of(
    st.binary(max_size=600),
    st.binary(max_size=80).map(lambda tail: GOOD[:2] + b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + tail),
    st.lists(st.tuples(st.integers(2, len(GOOD) - 1), st.integers(0, 255)), max_size=6).map(
        lambda changes: bytes(dict(changes).get(at, byte) for at, byte in enumerate(GOOD))
    ),
)


async def echo(query: dns.message.Message, transport: str) -> dns.message.Message:
    return empty_response(query)


@settings(max_examples=300, deadline=None)
@given(PACKETS)
def test_any_packet_gets_a_well_formed_response_with_its_id_or_none(packet):
    reply = asyncio.run(handle(packet, "udp", echo))
    if isinstance(reply, NoReply):
        assert len(packet) < 12 or packet[2] & 0x80
    else:
        assert reply[:2] == packet[:2]
        assert reply[2] & 0x80
        dns.message.from_wire(reply)


NAMES = st.sampled_from(
    ["example.com", "a.example.com", "b.a.example.com", "x.y.example.com", "y.example.com", "*.example.com"]
)
CHANGES = st.lists(st.tuples(NAMES, st.sampled_from(["A", "TXT"]), st.booleans()), max_size=30)


@settings(max_examples=200, deadline=None)
@given(CHANGES)
def test_a_view_that_grew_step_by_step_knows_the_same_names_as_one_built_from_the_result(changes):
    def version(name: str, rtype: str, *, there: bool) -> RRsetVersion:
        return RRsetVersion(1, "z", 2, 0.0, name, rtype, 60, ("data",) if there else ())

    grown, fresh = ZoneView("example.com"), ZoneView("example.com")
    for name, rtype, there in changes:
        grown.apply(version(name, rtype, there=there))
    left = {(name, rtype) for (name, rtype), there in {(n, t): there for n, t, there in changes}.items() if there}
    for name, rtype in left:
        fresh.apply(version(name, rtype, there=True))
    for name in (
        "example.com",
        "a.example.com",
        "b.a.example.com",
        "y.example.com",
        "x.y.example.com",
        "*.example.com",
        "com",
    ):
        assert set(grown.sets_at(name)) == {rtype for owner, rtype in left if owner == name}
        assert grown.exists(name) == fresh.exists(name)
        if name != "com":
            assert fresh.exists(name) == any(owner == name or owner.endswith(f".{name}") for owner, _ in left)
