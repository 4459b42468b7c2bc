"""From a packet to a question, and from an answer back to a packet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from enum import Enum, auto
from functools import lru_cache

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from linkproof_lab.nameservers.zoneview import RecordSet

UDP_BYTES = 1232  # DNS Flag Day 2020: fits every path without fragments
_PLAIN_UDP_BYTES = 512  # RFC 1035 §4.2.1
_HEADER_BYTES = 12


class NoReply(Enum):
    """Instead of a message."""

    SILENT = auto()
    HANG_UP = auto()


Reply = dns.message.Message | NoReply
Respond = Callable[[dns.message.Message, str], Awaitable[Reply]]
"""From a query and its transport (`udp` or `tcp`) to a reply."""


async def handle(packet: bytes, transport: str, respond: Respond) -> bytes | NoReply:
    """Answer one packet; nothing that a client can send raises."""
    if len(packet) < _HEADER_BYTES or packet[2] & 0x80:
        return NoReply.SILENT  # answering what is no query invites loops
    if (packet[2] >> 3) & 0xF != dns.opcode.QUERY:
        return _bare(packet, dns.rcode.NOTIMP)
    try:
        query = dns.message.from_wire(packet)
    except dns.exception.DNSException:
        return _bare(packet, dns.rcode.FORMERR)
    if len(query.question) != 1:
        return _bare(packet, dns.rcode.FORMERR)
    if query.edns > 0:
        reply: Reply = empty_response(query, dns.rcode.BADVERS)
    elif query.question[0].rdclass != dns.rdataclass.IN:
        reply = empty_response(query, dns.rcode.REFUSED)
    else:
        reply = await respond(query, transport)
    if isinstance(reply, NoReply):
        return reply
    limit = 65535
    if transport == "udp":
        limit = min(max(query.payload, _PLAIN_UDP_BYTES), UDP_BYTES) if query.edns >= 0 else _PLAIN_UDP_BYTES
    return reply.to_wire(max_size=limit, prefer_truncation=True)


def empty_response(query: dns.message.Message, rcode: int = dns.rcode.NOERROR) -> dns.message.Message:
    """A response with the question as it came, the OPT that an EDNS client expects, and nothing else."""
    response = dns.message.make_response(query, our_payload=UDP_BYTES)
    if query.edns >= 0:
        response.ednsflags |= query.ednsflags & dns.flags.DO  # RFC 3225 §3: the bit is copied
    response.set_rcode(dns.rcode.Rcode(rcode))
    return response


def asked(query: dns.message.Message) -> tuple[str, str]:
    """Name (lower case, no trailing dot) and type of the question."""
    question = query.question[0]
    return question.name.to_text(omit_final_dot=True).lower().removesuffix("."), dns.rdatatype.to_text(question.rdtype)


def rrsets(sets: Iterable[RecordSet], query: dns.message.Message) -> list[dns.rrset.RRset]:
    """Ready for a message's section; an owner that is the question's name is spelled as it was asked."""
    question = query.question[0].name
    found: list[dns.rrset.RRset] = []
    for rset in sets:
        owner = to_name(rset.name)
        owner = question if owner == question else owner
        rtype = dns.rdatatype.from_text(rset.type)
        # dnspython keeps one record in a CNAME or SOA set; a faulty server sends two, so each gets a set of its own
        groups = [[one] for one in rset.data] if dns.rdatatype.is_singleton(rtype) else [list(rset.data)]
        for group in groups:
            rrset = dns.rrset.RRset(owner, dns.rdataclass.IN, rtype)
            for text in group:
                rrset.add(to_rdata(rset.type, text), rset.ttl)
            found.append(rrset)
    return found


@lru_cache(maxsize=20_000)
def to_name(name: str) -> dns.name.Name:
    return dns.name.from_text(name or ".")


@lru_cache(maxsize=20_000)
def to_rdata(rtype: str, text: str) -> dns.rdata.Rdata:
    """From presentation form.

    Raises:
        dns.exception.DNSException: the text is no such RDATA.
    """
    return dns.rdata.from_text(dns.rdataclass.IN, rtype, text, origin=dns.name.root, relativize=False)


def _bare(packet: bytes, rcode: int) -> bytes:
    """The header alone: all that can be said about a packet that was not understood."""
    opcode_and_rd = packet[2] & 0x79
    return packet[:2] + bytes((0x80 | opcode_and_rd, rcode)) + bytes(8)
