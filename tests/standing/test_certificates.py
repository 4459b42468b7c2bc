"""Every certificate of a stack: who renews it, until when, and what stops when it lapses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import icalendar
from linkproof.standing.calendar import render as as_calendar
from linkproof.standing.certificates import certificates, rows_as_text
from linkproof.standing.page import render_certificates

from tests.engine_state.deployed import COM, EDGES, NET, ZONES, link
from tests.managed import read

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
HOST = "t.example.com"
DECLARED = read(
    ZONES
    + EDGES
    + f"links:\n  {link('live')}\n  {link('branded', 'url2.example.net', None, 'two')}\n"
    + f"tracking_hosts:\n  karte: {{provider: karte, host: {HOST}, state: in-use}}\n"
)


def report(host: str, days_left: int, lifetime: int = 90) -> dict[str, str]:
    end = NOW + timedelta(days=days_left)
    return {
        "id": "x",
        "host": host,
        "not_before": (end - timedelta(days=lifetime)).isoformat(),
        "not_after": end.isoformat(),
    }


def found(*reports):
    return certificates("prod", DECLARED, {"certificates": list(reports)}, NOW if reports else None, NOW)


def test_each_certificate_with_who_renews_it_and_what_stops():
    edge, karte = sorted(found(report(NET, 100), report(HOST, 61)).rows, key=lambda row: row.host != NET)
    assert (edge.host, edge.last_day, edge.urgency) == (NET, None, "fine")
    assert edge.renewed_by.startswith("itself (")
    assert "https:// link" in edge.stops
    assert (karte.host, karte.days_left, karte.urgency) == (HOST, 61, "fine")
    assert karte.renewed_by.startswith("a person (")
    assert "KARTE's tracking stops" in karte.stops
    assert karte.reminder == NOW + timedelta(days=31)
    assert karte.last_day == date(2027, 1, 21)


def test_the_most_urgent_stands_first_and_ends_the_verification():
    both = found(report(NET, 100), report(HOST, 20))
    assert [row.host for row in both.rows] == [HOST, NET]
    assert both.in_a_line().startswith(
        f"2 certificates; the next to see to: {HOST}, 20 days left; upload a new one by 2026-12-1"
    )
    assert not both.is_late


def test_after_the_last_day_it_is_late():
    late = found(report(HOST, 3))
    assert late.is_late
    assert "upload a new one now" in "\n".join(rows_as_text(late))


def test_a_certificate_of_45_days_is_fine_when_it_is_new():
    (row, _) = found(report(HOST, 44, 45)).rows
    assert row.urgency == "fine"


def test_what_was_never_seen_is_said():
    nothing = found()
    assert {row.urgency for row in nothing.rows} == {"unknown"}
    assert "nothing was verified yet: run `linkproof verify prod`" in "\n".join(rows_as_text(nothing))
    assert nothing.in_a_line() == ""
    assert as_calendar(nothing, NOW).count("BEGIN:VEVENT") == 0


def test_the_calendar_reads_back_and_the_next_certificate_moves_its_days():
    text = as_calendar(found(report(HOST, 61)), NOW)
    events = {str(event["UID"]): event for event in icalendar.Calendar.from_ical(text).walk("VEVENT")}
    assert set(events) == {f"{kind}.{HOST}.prod@linkproof" for kind in ("reminder", "last-day", "end")}
    last = events[f"last-day.{HOST}.prod@linkproof"]
    assert (last.start, last.end) == (date(2027, 1, 21), date(2027, 1, 22))
    assert "upload" in str(last["SUMMARY"])
    for event in events.values():
        (alarm,) = event.walk("VALARM")
        assert alarm["DESCRIPTION"]
        assert alarm["TRIGGER"].dt == timedelta(days=-1)
        assert event["DTSTAMP"].dt == NOW
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    later = {
        str(event["UID"])
        for event in icalendar.Calendar.from_ical(as_calendar(found(report(HOST, 90)), NOW)).walk("VEVENT")
    }
    assert later == set(events)


def test_what_another_program_reads_of_the_calendar():
    """A reader of another family: vobject."""
    import vobject

    calendar = vobject.readOne(as_calendar(found(report(HOST, 61), report(NET, 100)), NOW))
    assert len(calendar.vevent_list) == 5
    assert {event.dtstart.value for event in calendar.vevent_list} >= {date(2027, 1, 21)}


def test_the_page_shows_every_row():
    page = render_certificates(found(report(HOST, 3)), NOW)
    assert "upload a new one now" in page
    assert 'class="differs"' in page
    assert "<script" not in page


def test_the_certificate_of_a_standby_has_a_row_of_its_own_and_stops_nothing():
    declared = read(ZONES + EDGES + f"links:\n  {link('live', COM, 'cf, standby: aws')}\n")
    reports = [report(COM, 100) | {"id": "one/edge"}, report(COM, 12) | {"id": "one/standby"}]
    rows = certificates("prod", declared, {"certificates": reports}, NOW, NOW).rows
    assert [(row.where, row.days_left, row.urgency) for row in rows] == [
        ("Amazon CloudFront, standing by", 12, "due"),
        ("Cloudflare", 100, "fine"),
    ]
    assert rows[0].stops == f"nothing while {COM} stands where it is; it could not move to aws"
