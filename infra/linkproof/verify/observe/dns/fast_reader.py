"""The answers that nearly every server gives, read straight from their octets; any other packet is dnspython's.

What is read here is exactly what `decode` reads: in doubt the answer is None, never another reading. A packet that repeats, octet for
octet, what another server said to the same question is not read a second time, and its records are kept once.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import Reply, ResourceRecord

if TYPE_CHECKING:
    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.observe.dns.query import Query

Section = tuple[ResourceRecord, ...]
_Sections = tuple[Section, Section, Section]

_QR, _OPCODE, _AA, _TC, _RA, _AD = 0x8000, 0x7800, 0x0400, 0x0200, 0x0080, 0x0020
_RCODES = {0: "NOERROR", 3: "NXDOMAIN"}
_A, _NS, _CNAME, _SOA, _AAAA, _OPT = 1, 2, 5, 6, 28, 41
_POINTER_TO_QUESTION = b"\xc0\x0c"
_IN = 1
_MAX_TTL_SECONDS = 2**31 - 1
_MAX_NAME_OCTETS = 255
# Letters, digits, hyphen, underscore: a label of anything else is written with escapes, which is dnspython's to do.
_SIMPLE = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
_FIXED = struct.Struct(">HHIH")
_HEADER = struct.Struct(">xxHHHHH")
_SOA_NUMBERS = struct.Struct(">IIIII")
# Servers of one zone answer the same question at about the same time; more than that need not be remembered.
_REMEMBERED = 4096


class _BeyondUsError(Exception):
    """For dnspython."""


class FastReader:
    """Reads answers, and remembers what was answered last to each question."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], tuple[bytes, _Sections]] = {}

    def read(
        self, packet: bytes, query: Query, vantage: Vantage, *, seconds: float = 0.0, ignored_packets: int = 0
    ) -> Reply | None:
        """The answer to a query, whose id the packet has; None where `decode` must look.

        Args:
            packet: from anywhere.
            query: what was asked.
            vantage: who was asked.
        """
        # the question octet by octet, with the case of each letter as it was sent
        question = query.question
        end = 12 + len(question)
        if not query.owner or packet[12:end] != question:
            return None
        flags, questions, answers, authorities, additionals = _HEADER.unpack_from(packet)
        rcode = _RCODES.get(flags & 0xF)
        if rcode is None or questions != 1 or flags & (_QR | _OPCODE | _TC) != _QR:
            return None
        said, key = packet[2:12] + packet[end:], (query.name, query.type)
        last = self._last.get(key)
        if last is not None and last[0] == said:
            sections = last[1]
        else:
            try:
                sections = _read_sections(packet, end, query.owner, answers, authorities, additionals)
            except (_BeyondUsError, IndexError, struct.error):
                return None
            if len(self._last) >= _REMEMBERED:
                self._last.clear()
            self._last[key] = said, sections
        answer, authority, additional = sections
        return Reply(
            query.name,
            query.type,
            vantage,
            rcode,
            bool(flags & _AA),
            answer,
            authority,
            additional,
            (),
            query.with_edns,
            ignored_packets,
            seconds,
            bool(flags & _RA),
            bool(flags & _AD),
            query_wire=query.wire,
            wire=packet,
        )


def _read_sections(packet: bytes, at: int, owner: str, answers: int, authorities: int, additionals: int) -> _Sections:
    answer, at = _read_section(packet, at, answers, owner)
    authority, at = _read_section(packet, at, authorities, owner) if authorities else ((), at)
    additional: Section = ()
    if additionals == 1 and packet[at : at + 3] == b"\0\0\x29":
        _, _, extended, length = _FIXED.unpack_from(packet, at + 1)
        if extended >> 16 or length:
            raise _BeyondUsError  # another rcode or version, or options
        at += 11
    elif additionals:
        raise _BeyondUsError
    if at != len(packet):
        raise _BeyondUsError
    return answer, authority, additional


def _read_section(packet: bytes, at: int, count: int, owner: str) -> tuple[Section, int]:
    records = []
    for _ in range(count):
        if packet[at : at + 2] == _POINTER_TO_QUESTION:
            name, at = owner, at + 2
        else:
            name, at = _read_name(packet, at)
        kind, rdclass, ttl_seconds, length = _FIXED.unpack_from(packet, at)
        at += 10
        end = at + length
        if rdclass != _IN or ttl_seconds > _MAX_TTL_SECONDS or end > len(packet):
            raise _BeyondUsError
        record_type, value = _read_value(packet, kind, at, end)
        records.append(ResourceRecord(name, record_type, ttl_seconds, value))
        at = end
    return tuple(records), at


def _read_value(packet: bytes, kind: int, at: int, end: int) -> tuple[str, str]:
    """The type of a record and its value."""
    if kind == _CNAME:
        value, at = _read_name(packet, at)
        record_type = "CNAME"
    elif kind == _A and end - at == 4:
        record_type, value, at = "A", socket.inet_ntoa(packet[at:end]), end
    elif kind == _AAAA and end - at == 16:
        record_type, value, at = "AAAA", str(ipaddress.IPv6Address(packet[at:end])), end
    elif kind == _NS:
        value, at = _read_name(packet, at)
        record_type = "NS"
    elif kind == _SOA:
        master, at = _read_name(packet, at)
        mailbox, at = _read_name(packet, at)
        numbers = " ".join(map(str, _SOA_NUMBERS.unpack_from(packet, at)))
        record_type, value, at = "SOA", f"{master} {mailbox} {numbers}", at + _SOA_NUMBERS.size
    else:
        raise _BeyondUsError
    if at != end:
        raise _BeyondUsError
    return record_type, value


def _read_name(packet: bytes, at: int) -> tuple[str, int]:
    """A name in lower case and where it ends. Pointers lead strictly backwards, so that following them ends."""
    labels = []
    after, octets, lowest = 0, 1, at
    while length := packet[at]:
        if length >= 0xC0:
            pointer = (length & 0x3F) << 8 | packet[at + 1]
            if pointer >= lowest:
                raise _BeyondUsError
            after = after or at + 2
            at = lowest = pointer
            continue
        if length > 63:
            raise _BeyondUsError
        at += 1
        labels.append(packet[at : at + length])
        at += length
        octets += length + 1
    after = after or at + 1
    text = b"".join(labels)
    if not labels or octets > _MAX_NAME_OCTETS or text.translate(None, _SIMPLE):
        raise _BeyondUsError
    return f"{b'.'.join(labels).decode('ascii').lower()}.", after
