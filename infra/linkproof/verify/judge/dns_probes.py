"""What a server makes of questions that no resolver puts to it: recursion for everybody, versions of EDNS that do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.judge.subject import Violation
from linkproof.verify.observations.answer import NoUsableReply, Reply

if TYPE_CHECKING:
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.vantage import ServerAddress
    from linkproof.verify.observations.zone import ZoneObservation


def probe_warnings(zone: ZoneObservation, server: ServerAddress) -> tuple[Violation, ...]:
    return tuple(problem for problem in (_recursion(zone, server), _later_edns(zone, server)) if problem)


def _recursion(zone: ZoneObservation, server: ServerAddress) -> Violation | None:
    """An answer about a name that only the root's servers know of; a referral or a refusal is none, and RA alone says nothing."""
    answer = zone.recursion.get(server)
    if not isinstance(answer, Reply) or answer.authoritative or not answer.recursion_available:
        return None
    has_soa = any(item.type == "SOA" for item in answer.authority)
    if answer.rcode != "NXDOMAIN" and not (answer.rcode == "NOERROR" and (answer.answer or has_soa)):
        return None
    said = answer.rcode if not answer.answer else f"{answer.rcode} with an answer"
    return Violation(
        "dns.open-recursion",
        "REFUSED to a question for somebody else's name",
        f"{said} for {answer.name}, with RA and without AA",
        asked_name=answer.name,
        asked_type=answer.type,
    )


def _later_edns(zone: ZoneObservation, server: ServerAddress) -> Violation | None:
    seen = zone.later_edns.get(server)
    if seen is None:
        return None
    expected = "BADVERS to EDNS version 1"
    if isinstance(seen.first, Reply):
        if seen.first.rcode == "NOERROR" and seen.first.values("SOA") and _has_edns(seen.first):
            return Violation("dns.edns-version", expected, "the SOA, as if it knew that version")
        return None
    if len(seen.pairs) >= 3 and all(_is_lost(later) and isinstance(usual, Reply) for later, usual in seen.pairs):
        count = len(seen.pairs)
        return Violation("dns.edns-version", expected, f"{count} of {count} lost with version 1, none with version 0")
    return None


def _is_lost(answer: Answer) -> bool:
    return isinstance(answer, NoUsableReply) and answer.kind == "timeout"


def _has_edns(answer: Reply) -> bool:
    """Whether the answer has an OPT record; a server without EDNS passes over ours, whatever its version."""
    import dns.exception
    import dns.message

    try:
        return dns.message.from_wire(answer.wire, ignore_trailing=True).edns >= 0
    except (dns.exception.DNSException, ValueError):
        return False
