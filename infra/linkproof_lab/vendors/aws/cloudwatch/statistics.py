"""`GetMetricStatistics`: one metric's values by period, in no order.

docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html: 1,440 data points at most; a period of a minute, or a
multiple of it; of what is older than 15 days a multiple of five minutes, older than 63 days of an hour. A period without values has no
data point. A metric is found by exactly its dimensions; one that is not there has no data points, and is no error.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from linkproof_lab.vendors.aws.cloudwatch.metrics import Metric
from linkproof_lab.vendors.aws.control_plane.calls import AwsError

_MOST_POINTS = 1440
_DAY_SECONDS = 86_400
# What each age in days asks of a period, in seconds.
_COARSEST = ((63, 3600), (15, 300), (0, 60))
_OF: dict[str, Callable[[Sequence[float]], float]] = {
    "SampleCount": len,
    "Average": lambda values: sum(values) / len(values),
    "Sum": sum,
    "Minimum": min,
    "Maximum": max,
}


def statistics(body: dict[str, Any], held: Sequence[Metric]) -> dict[str, Any]:
    """The answer.

    Raises:
        AwsError: as the vendor would.
    """
    for code, problem in _problems(body):
        raise AwsError(400, code, problem)
    start, end, period = float(body["StartTime"]), float(body["EndTime"]), int(body["Period"])
    dimensions = {one["Name"]: one["Value"] for one in body.get("Dimensions") or ()}
    wanted = Metric(body["Namespace"], body["MetricName"], dimensions).key("", "")
    by_period: dict[float, list[float]] = {}
    for metric in held:
        for at, value in metric.points if metric.key("", "") == wanted else ():
            begins = at - at % period
            if start - start % 60 <= begins < end:
                by_period.setdefault(begins, []).append(value)
    points = [
        {"Timestamp": begins, "Unit": "None", **{name: float(_OF[name](values)) for name in body["Statistics"]}}
        for begins, values in by_period.items()
    ]
    return {"Label": body["MetricName"], "Datapoints": points}


def _problems(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    start, end, period = float(body["StartTime"]), float(body["EndTime"]), int(body["Period"])
    if end <= start:
        yield "InvalidParameterCombination", "The parameter StartTime must be less than the parameter EndTime."
    age_days = (time.time() - start) / _DAY_SECONDS
    unit = next((unit for days, unit in _COARSEST if age_days > days), 60)
    if period < 1 or period % unit:
        yield "InvalidParameterValue", f"The parameter Period must be a multiple of {unit}."
    elif (end - start) / period > _MOST_POINTS:
        yield (
            "InvalidParameterCombination",
            f"You have requested up to {int((end - start) / period)} datapoints, which exceeds the limit of {_MOST_POINTS}.",
        )
    if not body.get("Statistics"):
        yield "MissingParameter", "Must specify either Statistics or ExtendedStatistics."
    elif unknown := [name for name in body["Statistics"] if name not in _OF]:
        yield "InvalidParameterValue", f"The parameter Statistics.member.1 has no value {unknown[0]}."
