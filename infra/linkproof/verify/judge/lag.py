"""Until when an old answer is allowed, and which answers are old rather than wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import Reply
from linkproof.verify.values import canonical_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkproof.expectations.model import PreviousRecord, RecordExpectation
    from linkproof.verify.observations.answer import Answer

Past = tuple["PreviousRecord", ...]


def explaining(record: RecordExpectation, past: Past, answer: Answer) -> Past:
    """What the record once was, as far as this answer shows it."""
    if not isinstance(answer, Reply) or answer.rcode not in {"NOERROR", "NXDOMAIN"}:
        return ()
    return tuple(entry for entry in past if _explains(record, entry, answer))


def explaining_all(record: RecordExpectation, past: Past, answers: Sequence[Reply]) -> Past:
    """What the record once was, as far as these answers show it; nothing where one of them shows what it never was."""
    found = [explaining(record, past, answer) for answer in answers]
    if not all(found):
        return ()
    return tuple(entry for entry in past if any(entry in some for some in found))


def _explains(record: RecordExpectation, entry: PreviousRecord, answer: Reply) -> bool:
    if entry.unknown:
        return True
    values = answer.values(record.type)
    if not values:
        if entry.absent:
            return not any(item.name == answer.name for item in answer.answer)
        # a proxied name has no CNAME to show, so its absence was the old state
        return entry.served != "as-declared" and answer.rcode == "NOERROR"
    return not entry.absent and set(values) <= {canonical_value(record.type, value) for value in entry.values}


def authority_until(
    record: RecordExpectation, past: Past, *, propagation_seconds: int, refresh_seconds: int | None = None
) -> datetime | None:
    """When every authoritative server must have left these states of the record behind.

    Args:
        record: the record.
        past: what it was; each ended at its own moment.
        propagation_seconds: of the zone at its DNS host.
        refresh_seconds: the zone's SOA refresh, inside a declared transfer group only.
    """
    ends = [entry.changed_at or record.changed_at for entry in past] or [record.changed_at]
    latest = max((moment for moment in ends if moment), default=None)
    return later(latest, max(propagation_seconds, refresh_seconds or 0)) if latest else None


def resolver_until(
    record: RecordExpectation,
    past: Past,
    *,
    propagation_seconds: int,
    negative_seconds: int = 0,
    last_seen_old: datetime | None = None,
) -> datetime | None:
    """When every resolver must have dropped the last of these states.

    A resolver may have asked an authority at the last moment that one still held a state, and keeps what it got for the TTL of that state; for
    a name that was absent, the negative TTL counts even if nobody asked for it (RFC 2308; RFC 8020 ancestors, RFC 8198 ranges).

    Args:
        record: the record.
        past: what it was.
        propagation_seconds: of the zone at its DNS host.
        negative_seconds: how long the zone's servers let a negative answer live.
        last_seen_old: when this run last saw an authority with an old state.
    """
    moments = []
    for entry in past:
        held = held_seconds(entry, negative_seconds)
        changed = entry.changed_at or record.changed_at
        if changed:
            moments.append(later(later(changed, propagation_seconds), held))
        if last_seen_old:
            moments.append(later(last_seen_old, held))
    return max(moments, default=None)


def held_seconds(entry: PreviousRecord, negative_seconds: int = 0) -> int:
    """How long a resolver may hold a state; where the name showed no such record, that was a negative answer."""
    negative = max(entry.negative_ttl_seconds, negative_seconds)
    if entry.absent:
        return negative
    return max(entry.ttl_seconds, negative) if entry.unknown or entry.served != "as-declared" else entry.ttl_seconds


def left_seconds(answer: Reply, record_type: str, *, at_end: bool = False) -> int:
    """How long the resolver that gave an answer will go on giving it, as the answer itself says; 0 where it does not.

    Of a negative answer that is the TTL of its SOA: all resolvers but one count down that and not its MINIMUM.

    Args:
        answer: of the resolver.
        record_type: of the record.
        at_end: what counts is the negative answer that the CNAME leads to.
    """
    if at_end:
        return min((item.ttl_seconds for item in answer.authority if item.type == "SOA"), default=0)
    own = [item.ttl_seconds for item in answer.answer if item.name == answer.name]
    typed = [item.ttl_seconds for item in answer.answer if item.name == answer.name and item.type == record_type]
    if typed or own:
        return min(typed or own)
    return left_seconds(answer, record_type, at_end=True)


def later(moment: datetime, seconds: float) -> datetime:
    """The moment that much later, and at most the last one there is: a file may say that the change is in the year 9999."""
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
