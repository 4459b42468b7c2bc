"""The list of types in an NSEC or NSEC3, and names made for a proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def has_type(record: Any, record_type: str) -> bool:
    import dns.rdatatype

    window, at = divmod(int(dns.rdatatype.from_text(record_type)), 256)
    octet, bit = divmod(at, 8)
    return any(number == window and octet < len(bits) and bits[octet] & 0x80 >> bit for number, bits in record.windows)


def types_text(record: Any, types: Sequence[str]) -> str:
    """Those of the types that the name has, with a space between them."""
    return " ".join(one for one in types if has_type(record, one))


def leads_elsewhere(record: Any) -> bool:
    """A delegation or a DNAME: the record says nothing of what is below (RFC 6840 §4.1, RFC 5155 §8.3)."""
    return has_type(record, "DNAME") or (has_type(record, "NS") and not has_type(record, "SOA"))


def wildcard_below(encloser: Any) -> Any:
    import dns.name

    return dns.name.Name((b"*", *encloser.labels))
