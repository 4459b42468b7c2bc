"""Packets into plain values; no socket here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype

from linkproof.verify.observations.answer import Reply, ResourceRecord
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observe.dns import services
from linkproof.verify.values import canonical_value

if TYPE_CHECKING:
    from linkproof.verify.observe.dns.query import Query

# A server that knows no EDNS may send these back without our question (RFC 6891 §7).
_WITHOUT_QUESTION = frozenset({dns.rcode.FORMERR, dns.rcode.NOTIMP})


class NotOurAnswerError(Exception):
    """The packet is garbage, or answers something that was not asked.

    Args:
        is_malformed: it has our id and is no DNS answer at all: broken rather than forged.
    """

    def __init__(self, reason: str, *, is_malformed: bool = False) -> None:
        super().__init__(reason)
        self.is_malformed = is_malformed


def decode(packet: bytes, query: Query, vantage: Vantage, *, seconds: float = 0.0, ignored_packets: int = 0) -> Reply:
    """Read a packet as the answer to a query.

    Raises:
        NotOurAnswerError: it is not a DNS message, not a response, or has another id or question.
    """
    if len(packet) < 12 or int.from_bytes(packet[:2], "big") != query.id:
        raise NotOurAnswerError("another id")
    try:
        message = _read(packet)
    except (dns.exception.DNSException, ValueError, KeyError, IndexError) as error:
        raise NotOurAnswerError("not a DNS message", is_malformed=True) from error
    if not message.flags & dns.flags.QR or message.opcode() != dns.opcode.QUERY:
        raise NotOurAnswerError("not a response")
    wanted = (dns.name.from_text(query.name), dns.rdatatype.from_text(query.type), dns.rdataclass.IN)
    asked = [(rrset.name, rrset.rdtype, rrset.rdclass) for rrset in message.question]
    if asked != [wanted] and not (not asked and message.rcode() in _WITHOUT_QUESTION):
        raise NotOurAnswerError("another question" if asked else "no question", is_malformed=not asked)
    return Reply(
        name=query.name,
        type=query.type,
        vantage=vantage,
        rcode=dns.rcode.to_text(message.rcode()),
        authoritative=bool(message.flags & dns.flags.AA),
        answer=_records(message, "answer"),
        authority=_records(message, "authority"),
        additional=_records(message, "additional"),
        extended_errors=tuple(int(option.code) for option in message.options if isinstance(option, dns.edns.EDEOption)),
        with_edns=query.with_edns,
        ignored_packets=ignored_packets,
        seconds=seconds,
        recursion_available=bool(message.flags & dns.flags.RA),
        authentic=bool(message.flags & dns.flags.AD),
        case_kept=not asked or packet.startswith(query.question, 12),
        truncated=bool(message.flags & dns.flags.TC),
        query_wire=query.wire,
        wire=packet,
    )


def _read(packet: bytes) -> dns.message.Message:
    try:
        # one_rr_per_rrset: dnspython otherwise keeps one CNAME of several, and a duplicate would be invisible
        return dns.message.from_wire(packet, one_rr_per_rrset=True, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError):
        return dns.message.from_wire(services.set_aside(packet), one_rr_per_rrset=True, ignore_trailing=True)


def _records(message: dns.message.Message, section: str) -> tuple[ResourceRecord, ...]:
    records = []
    malformed = set()
    for rrset in getattr(message, section):
        if rrset.rdclass != dns.rdataclass.IN:
            continue
        name, set_aside = rrset.name.to_text().lower(), services.type_of(rrset.rdtype)
        if set_aside is not None:
            value = services.alias(rrset[0].to_wire())
            if value is None:
                malformed.add((name, set_aside))
            else:
                records.append(ResourceRecord(name, set_aside, rrset.ttl, value))
            continue
        record_type = dns.rdatatype.to_text(rrset.rdtype)
        for rdata in rrset:
            try:
                value = canonical_value(record_type, rdata.to_text())
            except (dns.exception.DNSException, ValueError) as error:
                raise NotOurAnswerError("a record that cannot be read") from error
            records.append(ResourceRecord(name, record_type, rrset.ttl, value))
    return tuple(record for record in records if (record.name, record.type) not in malformed)
