"""CloudWatch's alarms and dashboards with the client that users have: put whole, refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

ALARM = {
    "AlarmName": "bounces",
    "MetricName": "Reputation.BounceRate",
    "Namespace": "AWS/SES",
    "Statistic": "Average",
    "Period": 3600,
    "EvaluationPeriods": 1,
    "Threshold": 0.05,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "TreatMissingData": "ignore",
}


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    return str(raised.value.response["Error"]["Code"])


def test_a_put_replaces_an_alarm_but_not_its_tags(lab: Any) -> None:
    cloudwatch = lab.aws("cloudwatch")
    cloudwatch.put_metric_alarm(**ALARM, AlarmActions=["arn:aws:sns:us-east-1:123456789012:t"], Tags=[{"Key": "a", "Value": "b"}])  # fmt: skip
    cloudwatch.put_metric_alarm(**{**ALARM, "Threshold": 0.1}, Tags=[{"Key": "a", "Value": "c"}])
    (held,) = cloudwatch.describe_alarms(AlarmNames=["bounces"])["MetricAlarms"]
    assert (held["Threshold"], held["ActionsEnabled"], held.get("AlarmActions", [])) == (0.1, True, [])
    arn = held["AlarmArn"]
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
    assert lab.aws("cloudwatch", region="eu-west-1").describe_alarms()["MetricAlarms"] == []
    cloudwatch.delete_alarms(AlarmNames=["bounces"])
    assert refused(cloudwatch.delete_alarms, AlarmNames=["bounces"]) == "ResourceNotFound"


@pytest.mark.parametrize(
    "wrong",
    [{"TreatMissingData": "nonsense"}, {"ComparisonOperator": "Above"}, {"Period": 60, "EvaluationPeriods": 1441}],
)
def test_what_no_client_checks_is_refused(lab: Any, wrong: dict[str, Any]) -> None:
    assert refused(lab.aws("cloudwatch").put_metric_alarm, **{**ALARM, **wrong}) == "ValidationError"


def test_an_hourly_alarm_may_look_back_a_week(lab: Any) -> None:
    lab.aws("cloudwatch").put_metric_alarm(**{**ALARM, "EvaluationPeriods": 168})
    assert refused(lab.aws("cloudwatch").put_metric_alarm, **{**ALARM, "EvaluationPeriods": 169}) == "ValidationError"


def test_a_dashboard_is_kept_as_it_was_written(lab: Any) -> None:
    cloudwatch = lab.aws("cloudwatch")
    body = '{"widgets": [{"type": "metric", "properties": {"region": "us-east-1", "metrics": []}}]}'
    cloudwatch.put_dashboard(DashboardName="mail", DashboardBody=body)
    assert cloudwatch.get_dashboard(DashboardName="mail")["DashboardBody"] == body
    assert refused(cloudwatch.put_dashboard, DashboardName="mail", DashboardBody="no json") == "InvalidParameterInput"
    nowhere = '{"widgets": [{"type": "metric", "properties": {}}]}'
    assert refused(cloudwatch.put_dashboard, DashboardName="mail", DashboardBody=nowhere) == "InvalidParameterInput"
    cloudwatch.delete_dashboards(DashboardNames=["mail"])
    assert refused(cloudwatch.get_dashboard, DashboardName="mail") == "ResourceNotFound"
