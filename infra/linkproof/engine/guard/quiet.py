"""Whether nobody but we ourselves came to an edge for a day, by its own counter. Pure; who asks the counter is the caller's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from linkproof.contract.requests import Counted
from linkproof.engine.guard.draining import Draining

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """What is known of those who still come.

    Args:
        is_quiet: nobody did for a day.
        detail: why not, or that nobody can say, in words.
    """

    is_quiet: bool
    detail: str


Listen = Callable[[Draining], Quiet]
"""Asks the counters of the edges that drain."""


def nobody_listens(draining: Draining) -> Quiet:
    """Where no counter can be asked."""
    del draining
    return Quiet(False, "its counter was not asked")


def window(left: datetime, late_seconds: int, now: datetime) -> tuple[datetime, datetime] | None:
    """The day that is asked about: the last one that the counter has to its end; None while clicks left less than that ago.

    Args:
        left: when the click host left the edge, aware.
        late_seconds: so much later the counter may still grow.
        now: aware.
    """
    until = now - timedelta(seconds=late_seconds)
    return (until - DAY, until) if until - DAY >= left else None


def strangers(counted: Sequence[Counted], own: Iterable[datetime]) -> int:
    """How many requests nobody of us sent.

    Each part of the time is judged by itself: a request of ours that the counter missed does not make up for somebody's at another hour.

    Args:
        own: the moment of each request that we sent there, aware.
    """
    moments = sorted(own)
    others = 0
    for begins, seconds in sorted({(part.begins, part.seconds) for part in counted}):
        came = sum(part.requests for part in counted if (part.begins, part.seconds) == (begins, seconds))
        ends = begins + timedelta(seconds=seconds)
        others += max(0, came - sum(begins <= moment < ends for moment in moments))
    return others
