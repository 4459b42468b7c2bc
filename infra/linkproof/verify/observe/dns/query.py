"""Questions into octets: thousands a second, so the common ones are written without a message object."""

from __future__ import annotations

import os
from functools import lru_cache

import dns.name
import dns.rdatatype

from linkproof.verify.observe.dns.question import PLAIN, Manner

# Fits every path without fragments (DNS flag day 2020); what does not fit comes by TCP.
EDNS_PAYLOAD_OCTETS = 1232
_RD, _AD, _CD = 0x0100, 0x0020, 0x0010
_DO = 0x8000
_CLASS_IN = b"\0\1"
# What names without escapes are made of, which need no parser.
_SIMPLE = b"abcdefghijklmnopqrstuvwxyz0123456789-_."
_MAX_NAME_OCTETS = 255
_ENTROPY_OCTETS = 16_384
_WITH_LENGTH = {length: length.to_bytes(1) for length in range(1, 64)}
# The bit that makes a letter a capital; no length of a label looks like a letter.
_CASE_BITS = bytes(0x20 if 0x61 <= octet <= 0x7A else 0 for octet in range(256))


class Query:
    """One question as it goes out.

    Args:
        id: random (RFC 5452 §9.2).
        wire: the whole message.
        question: name, type and class in it, octet by octet.
        owner: the name in lower case, where it needs no escapes; else empty.
    """

    __slots__ = ("id", "name", "owner", "question", "type", "wire", "with_edns")

    def __init__(
        self, name: str, record_type: str, identity: int, wire: bytes, question: bytes, with_edns: bool, owner: str = ""
    ) -> None:
        self.name, self.type, self.id = name, record_type, identity
        self.wire, self.question, self.with_edns, self.owner = wire, question, with_edns, owner

    def again(self) -> Query:
        """The same question with another id."""
        octets = _entropy.take(2)
        identity, wire = octets[0] << 8 | octets[1], octets + self.wire[2:]
        return Query(self.name, self.type, identity, wire, self.question, self.with_edns, self.owner)


class _Entropy:
    """Random octets from the system, fetched in blocks: one call for each question would cost more than the question."""

    def __init__(self) -> None:
        self._block, self._at = b"", 0

    def forget(self) -> None:
        self._block, self._at = b"", 0

    def take(self, count: int) -> bytes:
        if self._at + count > len(self._block):
            self._block, self._at = os.urandom(_ENTROPY_OCTETS), 0
        self._at += count
        return self._block[self._at - count : self._at]


_entropy = _Entropy()
# a child must not repeat its parent's; not by `__init__`, which does nothing a second time once it is compiled
os.register_at_fork(after_in_child=_entropy.forget)


def make_query(
    name: str, record_type: str, manner: Manner = PLAIN, *, mixed_case: bool = True, with_edns: bool | None = None
) -> Query:
    """Build one question.

    Args:
        manner: flags and EDNS.
        mixed_case: gives each letter a random case, which an honest answer repeats: one bit more against forgery for each letter.
        with_edns: other than the manner says.

    Raises:
        dns.exception.DNSException: the name or type cannot be asked for.
        ValueError: likewise.
    """
    edns = manner.with_edns if with_edns is None else with_edns
    head, opt = _frame(manner, edns)
    octets, letters, owner = _name_octets(name)
    random = _entropy.take(2 + len(octets))
    identity = random[:2]
    if mixed_case:
        flipped = int.from_bytes(octets) ^ (int.from_bytes(random[2:]) & letters)
        octets = flipped.to_bytes(len(octets))
    question = octets + _type_and_class(record_type)
    wire = identity + head + question + opt
    return Query(name, record_type, identity[0] << 8 | identity[1], wire, question, edns, owner)


@lru_cache(maxsize=64)
def _frame(manner: Manner, edns: bool) -> tuple[bytes, bytes]:
    """What stands between the id and the question, and what follows it: the OPT record (RFC 6891 §6.1.2)."""
    flags = (
        (_RD if manner.recursion_desired else 0)
        | (_AD if manner.authentic_wanted else 0)
        | (_CD if manner.checking_disabled else 0)
    )
    head = flags.to_bytes(2) + (1).to_bytes(2) + bytes(4) + int(edns).to_bytes(2)
    extended = manner.edns_version << 16 | (_DO if manner.with_dnssec else 0)
    opt = b"\0" + (41).to_bytes(2) + EDNS_PAYLOAD_OCTETS.to_bytes(2) + extended.to_bytes(4) + bytes(2)
    return head, opt if edns else b""


@lru_cache(maxsize=16_384)
def _name_octets(name: str) -> tuple[bytes, int, str]:
    """A name as it is sent, in lower case; the bits that make its letters capitals; and its text, where it needs no escapes."""
    owner = name.lower()
    octets = _plain_octets(owner.encode("ascii", "replace"))
    if not octets:
        octets, owner = dns.name.from_text(name).canonicalize().to_wire() or b"\0", ""
    return octets, int.from_bytes(octets.translate(_CASE_BITS)), owner


def _plain_octets(text: bytes) -> bytes:
    """A name without escapes as it is sent; nothing where dnspython must look at it."""
    if text[-1:] != b"." or len(text) >= _MAX_NAME_OCTETS or text.translate(None, _SIMPLE):
        return b""
    try:
        return b"".join([_WITH_LENGTH[len(label)] + label for label in text[:-1].split(b".")]) + b"\0"
    except KeyError:
        return b""  # an empty label, or one that is too long


@lru_cache(maxsize=256)
def _type_and_class(record_type: str) -> bytes:
    return int(dns.rdatatype.from_text(record_type)).to_bytes(2) + _CLASS_IN
