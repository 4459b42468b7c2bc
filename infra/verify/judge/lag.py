"""Until when an old answer is allowed, and which answers are old rather than wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from infra.verify.observations import Reply
from infra.verify.values import canonical_value

if TYPE_CHECKING:
    from infra.expectations.model import PreviousRecord, RecordExpectation
    from infra.verify.observations import Answer


def is_old(record: RecordExpectation, previous: PreviousRecord | None, answer: Answer) -> bool:
    """Whether an answer is what the record was before its last change."""
    if previous is None or not isinstance(answer, Reply) or answer.rcode not in {"NOERROR", "NXDOMAIN"}:
        return False
    values = answer.values(record.type)
    if not values:
        if previous.absent:
            return not any(item.name == answer.name for item in answer.answer)
        # a proxied name has no CNAME to show, so its absence was the old state
        return previous.served != "as-declared" and answer.rcode == "NOERROR"
    return not previous.absent and set(values) <= {canonical_value(record.type, value) for value in previous.values}


def changed_at(record: RecordExpectation, previous: PreviousRecord | None) -> datetime | None:
    return (previous.changed_at if previous else None) or record.changed_at


def authority_until(
    record: RecordExpectation,
    previous: PreviousRecord | None,
    *,
    propagation_seconds: int,
    refresh_seconds: int | None = None,
) -> datetime | None:
    """When every authoritative server must have the change.

    Args:
        record: the record.
        previous: what it was before; its moment of change goes first.
        propagation_seconds: of the zone at its DNS host.
        refresh_seconds: the zone's SOA refresh, inside a declared transfer group only.
    """
    moment = changed_at(record, previous)
    return later(moment, max(propagation_seconds, refresh_seconds or 0)) if moment else None


def resolver_until(
    previous: PreviousRecord, authorities_until: datetime | None, last_seen_old: datetime | None
) -> datetime | None:
    """When every resolver must have dropped the old answer.

    A resolver may have asked an authority at the last moment that one still held the old state, and keeps what it got for that TTL; for a name
    that was absent, the negative TTL counts even if nobody asked for it (RFC 2308; RFC 8020 ancestors, RFC 8198 ranges).
    """
    moments = [moment for moment in (authorities_until, last_seen_old) if moment]
    if not moments:
        return None
    seconds = previous.negative_ttl_seconds if previous.absent else previous.ttl_seconds
    return later(max(moments), seconds)


def later(moment: datetime, seconds: float) -> datetime:
    """The moment that much later, and at most the last one there is: a file may say that the change is in the year 9999."""
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
