"""CloudWatch's alarms and dashboards, against the lab's APIs."""

from __future__ import annotations

import json

import pytest

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
REGION = "us-east-2"


def alarm(**changes):
    return {
        "name": "bounces",
        "region": REGION,
        "comparisonOperator": "GreaterThanOrEqualToThreshold",
        "evaluationPeriods": 1,
        "metricName": "Reputation.BounceRate",
        "namespace": "AWS/SES",
        "period": 3600,
        "statistic": "Average",
        "threshold": 0.05,
        "dimensions": {"ses:configuration-set": "news"},
        "treatMissingData": "ignore",
        "alarmActions": ["arn:aws:sns:us-east-2:123456789012:t"],
        "tags": {"linkproof:stack": "a"},
        **changes,
    }


def dashboard(body):
    return {"dashboardName": "mail", "region": REGION, "dashboardBody": json.dumps(body)}


@pytest.mark.parametrize(
    ("token", "inputs", "changed", "path", "renamed"),
    [
        (ALARM, alarm(), alarm(threshold=0.1), "threshold", alarm(name="other")),
        (
            DASHBOARD,
            dashboard({"widgets": []}),
            dashboard({"widgets": [{"type": "text", "properties": {"markdown": "a"}}]}),
            "dashboardBody",
            {**dashboard({"widgets": []}), "dashboardName": "other"},
        ),
    ],
)
def test_it_lives_in_its_region_from_create_to_delete(aws, token, inputs, changed, path, renamed):
    made = aws.resource(token).create(inputs)
    assert made.changed(inputs) == (set(), set())
    assert made.refresh()[0] == inputs
    assert made.changed(changed) == ({path}, set())
    assert made.changed(renamed)[1], "a name is what it is"
    made.update(changed)
    assert made.refresh()[0] == changed
    id_, imported, _ = aws.resource(token).imported(f"{made.id}@{REGION}")
    assert (id_, imported[path]) == (made.id, changed[path])
    made.delete()
    assert made.refresh() is None


def test_a_body_that_says_the_same_is_no_change(aws):
    made = aws.resource(DASHBOARD).create(dashboard({"widgets": [], "start": "-PT3H"}))
    spaced = {**dashboard({}), "dashboardBody": '{ "start" : "-PT3H", "widgets" : [ ] }'}
    assert made.changed(spaced) == (set(), set())
    made.delete()
