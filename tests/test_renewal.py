"""Business days in Japan, and when a certificate is to be renewed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from linkproof.business_days import MOST_CALENDAR_DAYS, after, is_business_day, last_day_to_act
from linkproof.renewal import Renewal
from linkproof.senders.karte.facts import RENEWAL

ONE = timedelta(days=1)


def test_the_holidays_are_those_of_the_other_calendar_until_the_last_year():
    other = holidays.country_holidays("JP", years=range(2026, 2100))
    day = date(2026, 1, 1)
    while day.year < 2100:
        if (day.month, day.day) not in {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)} and day.weekday() < 5:
            assert is_business_day(day) == (day not in other), day
        day += ONE


def test_a_year_that_nobody_knows_is_no_business_day_by_silence():
    with pytest.raises(ValueError, match="2100"):
        is_business_day(date(2100, 1, 5))
    assert last_day_to_act(datetime(2100, 6, 1, tzinfo=UTC), 3) == date(2100, 6, 1) - timedelta(days=MOST_CALENDAR_DAYS)
    assert last_day_to_act(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), 3).year == 9999


@pytest.mark.parametrize(
    ("day", "third"),
    [
        (date(2026, 11, 24), date(2026, 11, 27)),  # a Tuesday after a holiday
        (date(2026, 9, 18), date(2026, 9, 28)),  # before the silver week, with a day between two holidays
        (date(2026, 9, 19), date(2026, 9, 28)),
        (date(2026, 12, 28), date(2027, 1, 6)),  # over the turn of the year
        (date(2027, 4, 28), date(2027, 5, 7)),  # over the golden week
    ],
)
def test_three_business_days_after(day, third):
    assert after(day, 3) == third


def test_three_business_days_are_three_to_twelve_calendar_days():
    day, spans = date(2026, 1, 1), set()
    while day < date(2036, 1, 1):
        spans.add((after(day, 3) - day).days)
        day += ONE
    assert (min(spans), max(spans)) == (3, MOST_CALENDAR_DAYS)


@pytest.mark.parametrize("end", [datetime(2026, 12, 1, tzinfo=UTC) + timedelta(days=7 * n, hours=n) for n in range(60)])
def test_what_is_handed_over_on_the_last_day_is_done_before_the_end_and_a_day_later_it_is_not(end):
    last = last_day_to_act(end, 3)
    in_japan = (end + timedelta(hours=9)).date()
    assert is_business_day(last)
    assert after(last, 3) < in_japan
    assert after(after(last, 1), 3) >= in_japan


NOON = datetime(2026, 6, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lifetime", "days_before"),
    [(398, 60), (200, 60), (180, 60), (100, 33), (90, 30), (47, 15), (45, 15)],
)
def test_the_reminder_is_at_sixty_days_or_a_third_of_the_lifetime(lifetime, days_before):
    end = NOON + timedelta(days=lifetime)
    assert (end - RENEWAL.reminder(NOON, end)).days == days_before


def test_the_last_day_to_act_is_the_floor_of_a_short_lifetime():
    end = datetime(2027, 1, 5, tzinfo=UTC)  # the first business day of 2027 is the 4th
    last = RENEWAL.last_day(end)
    assert last == date(2026, 12, 24)
    assert RENEWAL.reminder(end - timedelta(days=12), end) <= datetime(2026, 12, 24, tzinfo=UTC)


def test_too_late_is_after_the_last_day_in_japan_or_a_third_of_what_is_wanted():
    end = datetime(2026, 12, 1, tzinfo=UTC)
    last = RENEWAL.last_day(end)
    noon_in_japan = datetime(last.year, last.month, last.day, 3, tzinfo=UTC)
    assert not RENEWAL.is_too_late(end, noon_in_japan)
    assert RENEWAL.is_too_late(end, noon_in_japan + ONE)
    by_itself = Renewal(21)
    assert by_itself.last_day(end) is None
    assert not by_itself.is_too_late(end, end - timedelta(days=8))
    assert by_itself.is_too_late(end, end - timedelta(days=6))
