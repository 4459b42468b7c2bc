"""Service records (SVCB, HTTPS) that dnspython 2.9.2 does not read, read as RFC 9460 tells clients to.

Parameters of an alias are ignored (§2.4.2); where one record is malformed, all of the set are as if they were not there (§2.2). dnspython gives
up the whole message for either, and one such record at an edge would look like a server that is broken.
"""

from __future__ import annotations

from typing import Final

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.wire

_TYPES: Final = frozenset({dns.rdatatype.SVCB, dns.rdatatype.HTTPS})
# Of the types for private use (RFC 6895 §3.1): what dnspython takes as it comes.
_SET_ASIDE: Final = 65_280
_COUNTS_AT: Final = 4


def set_aside(packet: bytes) -> bytes:
    """The same message, in which each service record that dnspython does not read has a type for private use.

    Raises:
        dns.exception.DNSException: the message is broken elsewhere, or every service record can be read.
    """
    parser = dns.wire.Parser(packet, _COUNTS_AT)
    questions, *records = parser.get_struct("!HHHH")
    for _ in range(questions):
        dns.name.from_wire_parser(parser, True)
        parser.get_bytes(4)
    changed = bytearray(packet)
    for _ in range(sum(records)):
        dns.name.from_wire_parser(parser, True)
        at = parser.current
        record_type, record_class, _, length = parser.get_struct("!HHIH")
        data = parser.get_bytes(length)
        if record_type in _TYPES and not _is_read(record_class, record_type, data):
            changed[at : at + 2] = (_SET_ASIDE + record_type).to_bytes(2)
    if changed == packet:
        raise dns.exception.FormError
    return bytes(changed)


def type_of(record_type: int) -> str | None:
    """What a type was before it was set aside; None where it was not."""
    kind = record_type - _SET_ASIDE
    return dns.rdatatype.to_text(dns.rdatatype.RdataType.make(kind)) if kind in _TYPES else None


def alias(data: bytes) -> str | None:
    """The value of a record that was set aside, without parameters; None where it is no alias, and so malformed."""
    if data[:2] != b"\0\0":
        return None
    try:
        target, _ = dns.name.from_wire(data, 2)
    except dns.exception.DNSException:
        return None
    return f"0 {target}".lower()


def _is_read(record_class: int, record_type: int, data: bytes) -> bool:
    try:
        dns.rdata.from_wire(
            dns.rdataclass.RdataClass.make(record_class), dns.rdatatype.RdataType.make(record_type), data, 0, len(data)
        )
    except (dns.exception.DNSException, ValueError):
        return False
    return True
