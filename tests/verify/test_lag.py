"""Deadlines of old answers, at the edges of what a date can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from infra.expectations.model import InvalidExpectationsError, PreviousRecord, RecordExpectation, parse
from infra.verify.judge.lag import authority_until, later, resolver_until

LAST = datetime.max.replace(tzinfo=UTC)
RECORD = RecordExpectation(id="a", name="a.test", type="CNAME", values=("b.test",))


def changed(moment: datetime) -> PreviousRecord:
    return PreviousRecord(record="a", values=("c.test",), ttl_seconds=300, changed_at=moment)


def test_a_deadline_is_the_change_and_what_may_pass_after_it():
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    until = authority_until(RECORD, changed(moment), propagation_seconds=60)
    assert until == moment + timedelta(seconds=60)
    assert resolver_until(changed(moment), until, None) == moment + timedelta(seconds=360)


def test_a_change_at_the_end_of_time_has_its_deadline_there():
    until = authority_until(RECORD, changed(LAST), propagation_seconds=60)
    assert until == LAST
    assert resolver_until(changed(LAST), until, None) == LAST
    assert later(LAST - timedelta(seconds=60), 60) == LAST


def test_days_that_no_certificate_can_have_left_are_refused():
    def wanted(days: int) -> dict:
        return {"version": 1, "endpoints": [{"id": "e", "host": "a.test", "tls": {"min_days": days}}]}

    assert parse(wanted(36_500)).endpoints[0].tls.min_days == 36_500
    with pytest.raises(InvalidExpectationsError, match="min_days"):
        parse(wanted(10**12))
