"""CloudFront's metric `Requests` as CloudWatch gives it to the client that users have, and as our own reader takes it."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from linkproof.edges.cloudfront.requests import counted
from linkproof.errors import LinkproofError
from linkproof_lab.vendors.aws.cloudwatch.request_log import RequestLog, request_log

from tests.engine_state.deployed import NET, clients_of, distribution, state

KEY = "AKIAMETRICS1"


def dimensions(of: str) -> list[dict[str, str]]:
    return [{"Name": "DistributionId", "Value": of}, {"Name": "Region", "Value": "Global"}]


def asked(of: str, **more: Any) -> dict[str, Any]:
    wanted = {"Namespace": "AWS/CloudFront", "MetricName": "Requests", "Dimensions": dimensions(of), "Statistics": ["Sum"]}  # fmt: skip
    # each call has its own now: the file is read long before its tests run
    now = datetime.now(UTC)
    given = {"StartTime": -timedelta(days=1), "EndTime": timedelta(minutes=5), "Period": 300, **more}
    return wanted | {key: now + value if isinstance(value, timedelta) else value for key, value in given.items()}


@pytest.fixture
def account(lab: Any) -> str:
    return str(lab.aws("sts", KEY).get_caller_identity()["Account"])


def test_each_request_is_one_in_the_period_in_which_it_came(lab: Any, account: str) -> None:
    log = RequestLog(lab.settings)
    for distribution_id in ("E1ONE", "E1ONE", "E2TWO"):
        log.record(account, distribution_id)
    cloudwatch = lab.aws("cloudwatch", KEY)
    answer = cloudwatch.get_metric_statistics(**asked("E1ONE"))
    assert (answer["Label"], sum(point["Sum"] for point in answer["Datapoints"])) == ("Requests", 2.0)
    assert all(point["Timestamp"].timestamp() % 300 == 0 for point in answer["Datapoints"])
    listed = cloudwatch.list_metrics(Namespace="AWS/CloudFront", Dimensions=[{"Name": "DistributionId", "Value": "E1ONE"}])  # fmt: skip
    assert [one["MetricName"] for one in listed["Metrics"]] == ["Requests"]


def test_it_is_in_one_region_and_one_account_and_by_both_dimensions_alone(lab: Any, account: str) -> None:
    RequestLog(lab.settings).record(account, "E3THREE")
    for client, more in [
        (lab.aws("cloudwatch", KEY, "eu-west-1"), {}),
        (lab.aws("cloudwatch", "AKIAOTHERONE"), {}),
        (lab.aws("cloudwatch", KEY), {"Dimensions": dimensions("E3THREE")[:1]}),
    ]:
        assert client.get_metric_statistics(**asked("E3THREE", **more))["Datapoints"] == []


@pytest.mark.parametrize(("more", "code"), [
    ({"Period": 45}, "InvalidParameterValue"),
    ({"Period": 60, "StartTime": -timedelta(days=20), "EndTime": -timedelta(days=19)}, "InvalidParameterValue"),
    ({"Period": 60, "StartTime": -timedelta(days=2)}, "InvalidParameterCombination"),
    ({"EndTime": -timedelta(days=2)}, "InvalidParameterCombination"),
])  # fmt: skip
def test_what_cloudwatch_refuses(lab: Any, more: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as raised:
        lab.aws("cloudwatch", KEY).get_metric_statistics(**asked("E1ONE", **more))
    assert raised.value.response["Error"]["Code"] == code


def client_of(lab: Any) -> Any:
    options = {"region": "eu-west-1", "endpoints": [{"cloudwatch": lab.settings.api_url("vendors/aws")}]}
    clients = clients_of(
        {"default": {"aws": options}}, {"default": {"awsAccessKey": KEY, "awsSecretKey": "not-a-secret"}}
    )
    return clients.client


def test_our_reader_sums_what_came_to_the_host_s_distributions(lab: Any, account: str) -> None:
    deployed = state(distribution(NET, id="E4FOUR"))
    RequestLog(lab.settings).record(account, "E4FOUR")
    with request_log(lab.settings).open("a") as file:
        file.write(json.dumps({"time": time.time() - 7200, "account": account, "distribution": "E4FOUR"}) + "\n")
    now = datetime.now(UTC)
    since, until = now - timedelta(days=1), now + timedelta(minutes=5)
    found = counted(NET, deployed, since, until, client_of(lab))
    assert found is not None
    assert [(one.seconds, one.requests) for one in found] == [(300, 1), (300, 1)]
    assert counted(NET, deployed, since, now - timedelta(hours=3), client_of(lab)) == []
    assert counted("url9.example.net", deployed, since, until, client_of(lab)) is None


def test_a_refusal_names_the_scope_that_is_missing() -> None:
    nowhere = {"region": "us-east-1", "endpoints": [{"cloudwatch": "http://127.0.0.1:9"}]}
    client = clients_of(
        {"default": {"aws": nowhere}}, {"default": {"awsAccessKey": KEY, "awsSecretKey": "not-a-secret"}}
    )
    now = datetime.now(UTC)
    with pytest.raises(LinkproofError) as raised:
        counted(NET, state(distribution(NET, id="E4FOUR")), now - timedelta(days=1), now, client.client)
    assert "cloudwatch:GetMetricStatistics" in raised.value.fix
