"""How many requests came to a distribution: CloudWatch's metric `Requests`, which CloudFront writes for each of them at no cost.

docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html: namespace `AWS/CloudFront`, dimensions
`DistributionId` and `Region` (always `Global`), statistic `Sum`, kept in us-east-1 alone. A tenant has no metric of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from linkproof.contract.guard import ClientOf
from linkproof.contract.requests import Counted
from linkproof.contract.state import Resource, State
from linkproof.edges.cloudfront.facts import CERTIFICATE_REGION, VENDOR
from linkproof.edges.cloudfront.items import DISTRIBUTION, TENANT
from linkproof.errors import LinkproofError

COUNTER: Final = "CloudWatch's `Requests` of its distribution"
# Metrics come within a few minutes; a quarter of an hour is more than that.
LATE_SECONDS: Final = 900
# A day has 288 of them, and an answer at most 1,440.
_PERIOD_SECONDS = 300


def counted(host: str, state: State, since: datetime, until: datetime, client: ClientOf) -> Sequence[Counted] | None:
    """Of every distribution that the state has for the host, leaving ones as well; None where it has a tenant, or none.

    Raises:
        LinkproofError: CloudWatch cannot be asked.
    """
    mine = [one for one in (*state.resources, *state.leaving) if one.name == host]
    distributions = [one for one in mine if one.type == DISTRIBUTION and one.id]
    if not distributions or any(one.type == TENANT for one in mine):
        return None
    return [part for one in distributions for part in _of(one, since, until, client)]


def _of(distribution: Resource, since: datetime, until: datetime, client: ClientOf) -> Iterator[Counted]:
    from botocore.exceptions import BotoCoreError, ClientError

    account = distribution.account or "default"
    asked: dict[str, Any] = {
        "Namespace": "AWS/CloudFront",
        "MetricName": "Requests",
        "Dimensions": [{"Name": "DistributionId", "Value": distribution.id}, {"Name": "Region", "Value": "Global"}],
        "StartTime": since,
        "EndTime": until,
        "Period": _PERIOD_SECONDS,
        "Statistics": ["Sum"],
    }
    try:
        cloudwatch = client(VENDOR, account).service("cloudwatch", CERTIFICATE_REGION)
        points = cloudwatch.get_metric_statistics(**asked)["Datapoints"]
    except (BotoCoreError, ClientError) as error:
        raise LinkproofError(
            f"CloudWatch of account {account} cannot be asked for the requests of {distribution.id}: {error}",
            "check the credentials (cloudwatch:GetMetricStatistics)",
        ) from error
    for point in points:
        if point["Sum"]:
            yield Counted(point["Timestamp"], _PERIOD_SECONDS, round(point["Sum"]))
