"""When a certificate must be renewed: the day to remind, and the last day to act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linkproof.business_days import JAPAN, last_day_to_act


@dataclass(frozen=True, slots=True)
class Renewal:
    """How long before its end a certificate is to be renewed.

    Args:
        min_days: before the end.
        lifetime_share: where this part of the lifetime is less than `min_days`, it counts in their place: 3 is a third. So
            that a certificate of 45 days is not late from its first day. None: it never does.
        business_days: of Japan, that whoever serves the certificate needs to take a new one over; 0 where it renews itself.
    """

    min_days: int
    lifetime_share: int | None = None
    business_days: int = 0

    def reminder(self, not_before: datetime, not_after: datetime) -> datetime:
        """When it is to be renewed, no later than on the last day to act."""
        before = timedelta(days=self.min_days)
        if self.lifetime_share is not None:
            before = min(before, (not_after - not_before) / self.lifetime_share)
        moment = not_after - before
        last = self.last_day(not_after)
        return min(moment, _begins(last)) if last is not None else moment

    def last_day(self, not_after: datetime) -> date | None:
        """The last business day in Japan on which a new one can be handed over; None where nobody hands one over."""
        return last_day_to_act(not_after, self.business_days) if self.business_days else None

    def is_too_late(self, not_after: datetime, now: datetime) -> bool:
        """Whether the end can hardly be met any more: the last day to act is over, or a third of `min_days` is left."""
        last = self.last_day(not_after)
        if last is not None:
            return now.astimezone(JAPAN).date() > last
        return not_after - now < timedelta(days=self.min_days) / 3


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)
