"""The alarms and the dashboard that a managed Amazon SES sender declares."""

from __future__ import annotations

import json

import pytest
from linkproof.plan.build import build
from linkproof.senders.ses.items import Alarm, Dashboard
from linkproof.senders.ses.monitoring import fraction

from tests.managed import read
from tests.plan.declared import of

TEXT = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET}
senders:
  mail:
    provider: ses
    region: eu-west-1
    manage:
      dashboard: mail
      alarms:
        bounces: {on: bounce-rate, notify: ["arn:aws:sns:eu-west-1:123456789012:t"]}
        complaints: {on: complaint-rate, configuration_set: news, above: 0.25%}
        silent: {on: silence, configuration_set: news, hours: 6}
      configuration_sets:
        news:
          link: one
          events:
            sends: {to: cloudwatch, types: [send], dimensions: [{name: "ses:configuration-set", source: message-tag, default: none}]}
            both: {to: cloudwatch, types: [open, click], dimensions: [{name: a, source: link-tag, default: none}, {name: b, source: message-tag, default: none}]}
links:
  one: {sender: mail, click_host: click.example.net, phase: branded}
"""


def alarms() -> dict[str, Alarm]:
    return {one.name: one for one in of(build(read(TEXT)), Alarm)}


def test_rates_are_fractions_and_stay_as_they_are_without_data() -> None:
    bounces, complaints = alarms()["bounces"], alarms()["complaints"]
    assert (bounces.metric, bounces.threshold, bounces.configuration_set) == ("Reputation.BounceRate", 0.05, None)
    assert (complaints.metric, complaints.threshold) == ("Reputation.ComplaintRate", 0.0025)
    assert complaints.needs == ("default/eu-west-1/news",)
    assert {bounces.missing, complaints.missing} == {"ignore"}
    assert bounces.notify == ("arn:aws:sns:eu-west-1:123456789012:t",)


def test_silence_is_no_data_for_that_many_hours() -> None:
    silent = alarms()["silent"]
    assert (silent.metric, silent.statistic, silent.comparison, silent.threshold) == (
        "Send",
        "Sum",
        "LessThanThreshold",
        1.0,
    )
    assert (silent.hours, silent.missing) == (6, "breaching")


@pytest.mark.parametrize(("share", "number"), [("5%", 0.05), ("0.1%", 0.001), ("100%", 1.0), ("0.001%", 0.00001)])
def test_a_share_is_read_as_a_fraction(share: str, number: float) -> None:
    assert fraction(share) == number


def test_the_dashboard_searches_what_each_destination_publishes_by_exactly_its_dimensions() -> None:
    (board,) = of(build(read(TEXT)), Dashboard)
    widgets = json.loads(board.body)["widgets"]
    assert [one["properties"]["title"] for one in widgets] == ["Rates of the account", "news: sends", "news: both"]
    assert {one["properties"]["region"] for one in widgets} == {"eu-west-1"}
    places = [(one["x"], one["y"]) for one in widgets]
    assert len(set(places)) == len(places)
    searches = [entry[0]["expression"] for entry in widgets[2]["properties"]["metrics"]]
    assert searches == [
        f'SEARCH(\'{{"AWS/SES","a","b"}} MetricName="{name}"\', \'Sum\', 3600)' for name in ("Open", "Click")
    ]
