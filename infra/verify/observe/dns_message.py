"""Questions into packets and packets into plain values; no socket here."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype

from infra.verify.observations import Reply, ResourceRecord, Vantage
from infra.verify.values import canonical_value

# Fits every path without fragments (DNS flag day 2020); what does not fit comes by TCP.
EDNS_PAYLOAD_OCTETS = 1232
# A server that knows no EDNS may send these back without our question (RFC 6891 §7).
_WITHOUT_QUESTION = frozenset({dns.rcode.FORMERR, dns.rcode.NOTIMP})


@dataclass(frozen=True, slots=True)
class Query:
    """One question as it goes out; `id` is random (RFC 5452 §9.2)."""

    name: str
    type: str
    id: int
    recursion_desired: bool
    with_edns: bool
    wire: bytes
    with_dnssec: bool = False


@dataclass(frozen=True, slots=True)
class Decoded:
    """A packet that answers a query; `truncated` asks for TCP."""

    reply: Reply
    truncated: bool


class NotOurAnswerError(Exception):
    """The packet is garbage, or answers something that was not asked.

    Args:
        is_malformed: it has our id and is no DNS answer at all: broken rather than forged.
    """

    def __init__(self, reason: str, *, is_malformed: bool = False) -> None:
        super().__init__(reason)
        self.is_malformed = is_malformed


def make_query(
    name: str,
    record_type: str,
    *,
    recursion_desired: bool = False,
    with_edns: bool = True,
    with_dnssec: bool = False,
    checking_disabled: bool = False,
    authentic_wanted: bool = False,
    mixed_case: bool = False,
) -> Query:
    """Build one question.

    Args:
        with_dnssec: sets DO (RFC 3225), so that signatures and denials come along.
        checking_disabled: sets CD, so that a validating resolver gives what it would otherwise hold back.
        authentic_wanted: sets AD in the question (RFC 6840 §5.7).
        mixed_case: gives each letter a random case, which an honest answer repeats: one bit more against forgery for each letter.
    """
    flags = dns.flags.RD if recursion_desired else 0
    flags |= (dns.flags.CD if checking_disabled else 0) | (dns.flags.AD if authentic_wanted else 0)
    message = dns.message.make_query(
        dns.name.from_text(_mixed(name) if mixed_case else name),
        dns.rdatatype.from_text(record_type),
        use_edns=0 if with_edns or with_dnssec else -1,
        want_dnssec=with_dnssec,
        payload=EDNS_PAYLOAD_OCTETS,
        flags=flags,
        id=secrets.randbits(16),
    )
    return Query(name, record_type, message.id, recursion_desired, with_edns, message.to_wire())


def _mixed(name: str) -> str:
    bits = secrets.randbits(len(name))
    # an escape such as \097 stays as it is: its octet is not a letter of the text
    return "".join(letter.upper() if bits >> position & 1 else letter.lower() for position, letter in enumerate(name))


def decode(packet: bytes, query: Query, vantage: Vantage, *, seconds: float = 0.0, ignored_packets: int = 0) -> Decoded:
    """Read a packet as the answer to a query.

    Raises:
        NotOurAnswerError: it is not a DNS message, not a response, or has another id or question.
    """
    if len(packet) < 12 or int.from_bytes(packet[:2], "big") != query.id:
        raise NotOurAnswerError("another id")
    try:
        # one_rr_per_rrset: dnspython otherwise keeps one CNAME of several, and a duplicate would be invisible
        message = dns.message.from_wire(packet, one_rr_per_rrset=True, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError, KeyError, IndexError) as error:
        raise NotOurAnswerError("not a DNS message", is_malformed=True) from error
    if not message.flags & dns.flags.QR or message.opcode() != dns.opcode.QUERY:
        raise NotOurAnswerError("not a response")
    wanted = (dns.name.from_text(query.name), dns.rdatatype.from_text(query.type), dns.rdataclass.IN)
    asked = [(rrset.name, rrset.rdtype, rrset.rdclass) for rrset in message.question]
    if asked != [wanted] and not (not asked and message.rcode() in _WITHOUT_QUESTION):
        raise NotOurAnswerError("another question" if asked else "no question", is_malformed=not asked)
    reply = Reply(
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
        case_kept=not asked or _question(packet, query) == _question(query.wire, query),
        query_wire=query.wire,
        wire=packet,
    )
    return Decoded(reply, truncated=bool(message.flags & dns.flags.TC))


def _question(packet: bytes, query: Query) -> bytes:
    """The octets of the question: name, type and class, as they stand after the header."""
    length = len(dns.name.from_text(query.name).to_wire() or b"") + 4
    return packet[12 : 12 + length]


def _records(message: dns.message.Message, section: str) -> tuple[ResourceRecord, ...]:
    records = []
    for rrset in getattr(message, section):
        if rrset.rdclass != dns.rdataclass.IN:
            continue
        record_type = dns.rdatatype.to_text(rrset.rdtype)
        for rdata in rrset:
            try:
                value = canonical_value(record_type, rdata.to_text())
            except (dns.exception.DNSException, ValueError) as error:
                raise NotOurAnswerError("a record that cannot be read") from error
            records.append(ResourceRecord(rrset.name.to_text().lower(), record_type, rrset.ttl, value))
    return tuple(records)
