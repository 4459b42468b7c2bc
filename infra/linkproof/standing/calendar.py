"""The days of a stack's certificates as iCalendar (RFC 5545): when to renew, the last day to act, the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from linkproof.business_days import JAPAN
from linkproof.standing.certificates import CertificateRow, Certificates, when_to_act

if TYPE_CHECKING:
    from icalendar import Event

_ONE_DAY = timedelta(days=1)


def render(found: Certificates, at: datetime) -> str:
    """The calendar; empty of events where nothing was seen.

    Args:
        at: when it is written, aware.
    """
    from icalendar import Calendar

    calendar = Calendar.new(prodid="-//linkproof//certificates//EN", name=f"Certificates of {found.stack}")
    for row in found.rows:
        for event in _events(found.stack, row, at):
            calendar.add_component(event)
    text: str = calendar.to_ical().decode("utf-8")
    return text


def _events(stack: str, row: CertificateRow, at: datetime) -> Iterator[Event]:
    if row.not_after is None or row.reminder is None:
        return
    by_hand = row.last_day is not None or row.is_yours
    renews = (
        f"Renew the certificate of {row.host}" if by_hand else f"{row.host}: its certificate should have renewed itself"
    )
    yield _event(stack, row, "reminder", row.reminder.astimezone(JAPAN).date(), renews, at)
    if row.last_day is not None:
        yield _event(stack, row, "last-day", row.last_day, f"Last day to upload a new certificate of {row.host}", at)
    yield _event(stack, row, "end", row.not_after.astimezone(JAPAN).date(), f"The certificate of {row.host} ends", at)


def _event(stack: str, row: CertificateRow, kind: str, day: date, summary: str, at: datetime) -> Event:
    from icalendar import Alarm, Event

    # the same for the next certificate: a calendar that reads this again moves the event
    uid = f"{kind}.{row.host}.{stack}@linkproof"
    text = f"{when_to_act(row)}.\nAt {row.where}; renewed by {row.renewed_by}.\nOr else: {row.stops}."
    event = Event.new(uid=uid, stamp=at, start=day, end=day + _ONE_DAY, summary=summary, description=text)
    alarm = Alarm.new(description=summary)
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -_ONE_DAY)
    event.add_component(alarm)
    return event
