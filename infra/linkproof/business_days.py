"""Business days in Japan, counted one at a time.

National holidays come from `jpholiday`; banks and most offices are closed from 29 December to 3 January as well, which no law says,
so that is declared here. Holidays of the years to come may still be changed by law.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Final

JAPAN: Final = timezone(timedelta(hours=9), "JST")  # without daylight saving since 1951
# Three business days with weekends on both sides of a week of holidays, or over the turn of the year.
MOST_CALENDAR_DAYS: Final = 12
_LAST_YEAR = 2099  # the formula for equinoxes, and the laws known today, say nothing beyond
_CLOSED: Final = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})
_ONE = timedelta(days=1)
_SATURDAY = 5


def is_business_day(day: date) -> bool:
    """Whether offices in Japan are open.

    Raises:
        ValueError: of a year after 2099 nobody knows the holidays.
    """
    import jpholiday

    if day.year > _LAST_YEAR:
        raise ValueError(f"the holidays of {day.year} are not known: the calendar ends with {_LAST_YEAR}")
    return day.weekday() < _SATURDAY and (day.month, day.day) not in _CLOSED and not jpholiday.is_holiday(day)


def after(day: date, count: int) -> date:
    """The business day with this number after a day, which itself does not count.

    Raises:
        ValueError: see `is_business_day`.
    """
    for found in _business_days(day, _ONE):
        count -= 1
        if count <= 0:
            return found
    raise AssertionError


def last_day_to_act(end: datetime, count: int) -> date:
    """The last business day on which something can be handed over that takes `count` business days and must be done before `end`.

    Args:
        end: aware.

    Returns:
        A day in Japan. After 2099 it is reckoned with the most calendar days that three business days can take.
    """
    try:
        in_japan = end.astimezone(JAPAN).date()
    except OverflowError:  # 9999-12-31: without end (RFC 5280 §4.1.2.5)
        in_japan = end.date()
    try:
        for found in _business_days(in_japan, -_ONE):
            if count == 0:
                return found
            count -= 1
    except ValueError:
        return in_japan - timedelta(days=MOST_CALENDAR_DAYS)
    raise AssertionError


def _business_days(day: date, step: timedelta) -> Iterator[date]:
    while True:
        day += step
        if is_business_day(day):
            yield day
