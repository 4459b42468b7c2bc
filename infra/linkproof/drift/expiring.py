"""Certificates that somebody must see to by now: a part of what is not as it should be, though nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from linkproof.drift.model import Item
from linkproof.drift.world import COMPARISON
from linkproof.standing.certificates import certificates, when_to_act

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.declaration.model import Declaration

# A verification says it by itself, once there is hardly time.
_SAID = ("tls.expired", "tls.expires-soon", "tls.expiring")


def items(
    stack: str, declaration: Declaration, verified: Mapping[str, Any], now: datetime, found: Sequence[Item]
) -> Iterator[Item]:
    """Those that are due or late.

    Args:
        verified: the document of a verification of now.
        found: what it found: nothing is said twice.
    """
    for row in certificates(stack, declaration, verified, now, now).rows:
        is_said = any(item.path in _SAID and row.key in item.links for item in found)
        if row.urgency not in ("due", "late") or is_said:
            continue
        until = row.last_day.isoformat() if row.last_day else ""
        yield Item(
            "drift",
            COMPARISON,
            row.host,
            "certificate",
            "last day to act" if until else "not after",
            until or f"more than {row.days_left} days left",
            when_to_act(row),
            f"or else {row.stops}",
            f"it is renewed by {row.renewed_by}: see to it; `linkproof certificates {stack}` has all of them",
            (row.key,),
        )
