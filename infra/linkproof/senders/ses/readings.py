"""Reading back what a configuration set has published: of its destinations, CloudWatch alone can be read without another service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient

NAMESPACE = "AWS/SES"
# GetMetricData takes 500 queries in a call (API reference).
_MOST_QUERIES = 500
_PERIOD_SECONDS = 60
# The metric's spelling of each type; the API, the events and EventBridge have their own.
METRICS: Mapping[str, str] = {
    "send": "Send",
    "reject": "Reject",
    "bounce": "Bounce",
    "complaint": "Complaint",
    "delivery": "Delivery",
    "open": "Open",
    "click": "Click",
    "rendering-failure": "RenderingFailure",
    "delivery-delay": "DeliveryDelay",
    "subscription": "Subscription",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Events of one type with one value of each dimension.

    Args:
        count: how many there were.
    """

    event: str
    dimensions: tuple[tuple[str, str], ...]
    count: int


def readings(
    client: AwsClient, region: str, types: Sequence[str], dimensions: Sequence[str], since: datetime, until: datetime
) -> Iterator[Reading]:
    """What one CloudWatch destination was sent, by its dimensions; nothing where there was no event.

    Args:
        types: as the declaration writes them.
        dimensions: names. A metric is read by exactly its own: one of another destination with more is left out.
        since: with `until`, when.
    """
    cloudwatch = client.service("cloudwatch", region)
    asked = [
        (kind, metric)
        for kind in types
        for metric in _listed(cloudwatch, METRICS[kind], dimensions)
        if {one["Name"] for one in metric["Dimensions"]} == set(dimensions)
    ]
    for start in range(0, len(asked), _MOST_QUERIES):
        part = asked[start : start + _MOST_QUERIES]
        values = _values(cloudwatch, [metric for _, metric in part], since, until)
        for (kind, metric), count in zip(part, values, strict=True):
            if count:
                named = tuple(sorted((one["Name"], one["Value"]) for one in metric["Dimensions"]))
                yield Reading(kind, named, count)


def _listed(cloudwatch: Any, name: str, dimensions: Sequence[str]) -> Iterator[dict[str, Any]]:
    asked = {"Namespace": NAMESPACE, "MetricName": name, "Dimensions": [{"Name": each} for each in dimensions]}
    for page in cloudwatch.get_paginator("list_metrics").paginate(**asked):
        yield from page["Metrics"]


def _values(cloudwatch: Any, metrics: Sequence[dict[str, Any]], since: datetime, until: datetime) -> list[int]:
    """The sum of each."""
    queries = [
        {"Id": f"m{number}", "MetricStat": {"Metric": metric, "Period": _PERIOD_SECONDS, "Stat": "Sum"}}
        for number, metric in enumerate(metrics)
    ]
    sums = dict.fromkeys((query["Id"] for query in queries), 0.0)
    pages = cloudwatch.get_paginator("get_metric_data").paginate(
        MetricDataQueries=queries, StartTime=since, EndTime=until
    )
    for page in pages:
        for result in page["MetricDataResults"]:
            sums[result["Id"]] += sum(result["Values"])
    return [round(value) for value in sums.values()]
