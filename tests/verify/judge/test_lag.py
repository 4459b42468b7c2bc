"""Deadlines of old answers, at the edges of what a date can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from linkproof.expectations.model import InvalidExpectationsError, PreviousRecord, RecordExpectation, parse
from linkproof.verify.judge.lag import authority_until, explaining, later, resolver_until
from linkproof.verify.observations.answer import Reply, ResourceRecord
from linkproof.verify.observations.vantage import Vantage

LAST = datetime.max.replace(tzinfo=UTC)
RECORD = RecordExpectation(id="a", name="a.test", type="CNAME", values=("b.test",))


def changed(moment: datetime) -> PreviousRecord:
    return PreviousRecord(record="a", values=("c.test",), ttl_seconds=300, changed_at=moment)


def test_a_deadline_is_the_change_and_what_may_pass_after_it():
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    until = authority_until(RECORD, (changed(moment),), propagation_seconds=60)
    assert until == moment + timedelta(seconds=60)
    assert resolver_until(RECORD, (changed(moment),), propagation_seconds=60) == moment + timedelta(seconds=360)


@pytest.mark.parametrize(
    ("rcode", "records", "is_before"),
    [
        ("NXDOMAIN", (), True),
        ("NOERROR", (), True),
        ("NOERROR", (ResourceRecord("a.test.", "A", 60, "192.0.2.1"),), False),
    ],
)
def test_an_address_in_the_place_of_a_new_record_is_nothing_from_before_it(rcode, records, is_before):
    previous = PreviousRecord(record="a", absent=True, changed_at=datetime(2026, 11, 22, tzinfo=UTC))
    reply = Reply("a.test.", "CNAME", Vantage("authoritative", "ns.", "192.0.2.53", "udp"), rcode, True, records)
    assert explaining(RECORD, (previous,), reply) == ((previous,) if is_before else ())


def test_a_change_at_the_end_of_time_has_its_deadline_there():
    assert authority_until(RECORD, (changed(LAST),), propagation_seconds=60) == LAST
    assert resolver_until(RECORD, (changed(LAST),), propagation_seconds=60) == LAST
    assert later(LAST - timedelta(seconds=60), 60) == LAST


def test_days_that_no_certificate_can_have_left_are_refused():
    def wanted(days: int) -> dict:
        return {"version": 1, "endpoints": [{"id": "e", "host": "a.test", "tls": {"min_days": days}}]}

    assert parse(wanted(36_500)).endpoints[0].tls.min_days == 36_500
    with pytest.raises(InvalidExpectationsError, match="min_days"):
        parse(wanted(10**12))
