"""What the expectations say around a record."""

from __future__ import annotations

from datetime import UTC, datetime

from linkproof.expectations.model import parse
from linkproof.verify.observations.vantage import Reachability
from linkproof.verify.observe.port import Moment
from linkproof.verify.survey.record_contexts import RecordContexts

HOST = "url1.example.net"


def test_a_record_is_of_the_edge_that_clicks_are_led_to_and_not_of_the_one_that_stands_by() -> None:
    endpoint = {"host": HOST, "sender": "sendgrid", "phase": "secured"}
    found = parse(
        {
            "version": 1,
            "records": [{"id": "a/click", "name": HOST, "type": "CNAME", "values": ["d1.cloudfront.net"]}],
            "endpoints": [
                {**endpoint, "id": "a/edge", "edge": "cloudfront"},
                {
                    **endpoint,
                    "id": "a/standby",
                    "edge": "fastly",
                    "phase": "ready",
                    "standby": True,
                    "connect": "x.test",
                },
            ],
        }
    )
    moment = Moment(datetime(2026, 11, 28, tzinfo=UTC), Reachability())
    context = RecordContexts(found).context(found.records[0], moment)
    assert (context.edge, context.phase) == ("cloudfront", "secured")
