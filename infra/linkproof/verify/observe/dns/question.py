"""What is asked, of whom, and how; no packet here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkproof.verify.observations.vantage import Vantage


@dataclass(frozen=True, slots=True)
class Manner:
    """How a question is asked, beside its name and type.

    Args:
        with_edns: with an OPT record (RFC 6891).
        edns_version: of that record; there is none but 0 yet.
        with_dnssec: with DO (RFC 3225), so that signatures and denials come along.
        checking_disabled: with CD, so that a validating resolver gives what it would otherwise hold back.
        authentic_wanted: with AD in the question (RFC 6840 §5.7).
    """

    recursion_desired: bool = False
    with_edns: bool = True
    with_dnssec: bool = False
    checking_disabled: bool = False
    authentic_wanted: bool = False
    edns_version: int = 0

    @property
    def is_judged_by_octets(self) -> bool:
        """Whether signatures or EDNS are read out of the answer as it came."""
        return self.with_dnssec or self.edns_version > 0


PLAIN = Manner()
DNSSEC = Manner(with_dnssec=True)
WITHOUT_EDNS = Manner(with_edns=False)
LATER_EDNS = Manner(edns_version=1)


@dataclass(slots=True)  # not frozen, as `Reply` is not: nobody changes one, and there is one for each packet
class DnsQuestion:
    """One question to one address.

    Args:
        port: of the server.
        over_tcp: ask over TCP alone.
        once: one packet over UDP and nothing after it, to see what becomes of exactly that packet.
        path: of a resolver over HTTPS.
        turn: how many times the same was asked before, to see whether the answer changes.
        is_urgent: others wait for the answer, so it goes before what waits for a place; it is no part of what is asked.
    """

    vantage: Vantage
    port: int
    name: str
    type: str
    manner: Manner = PLAIN
    over_tcp: bool = False
    once: bool = False
    path: str = ""
    turn: int = 0
    is_urgent: bool = field(default=False, compare=False)

    def __hash__(self) -> int:
        """Of what tells nearly all apart: hashing every part of every part would cost more than sending it."""
        return hash((self.name, self.type, self.vantage.address, self.turn))
