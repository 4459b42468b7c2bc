"""The operations of CloudWatch, in the JSON protocol that boto3 1.44 and the `aws` command speak.

docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/. The Go SDK speaks CBOR instead, which the lab does not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.cloudwatch.alarms import Alarms
from linkproof_lab.vendors.aws.cloudwatch.metrics import Metric, metrics
from linkproof_lab.vendors.aws.cloudwatch.request_log import request_metrics
from linkproof_lab.vendors.aws.cloudwatch.statistics import statistics
from linkproof_lab.vendors.aws.control_plane.calls import AwsAnswer, AwsCall, AwsError, request_id
from linkproof_lab.vendors.aws.control_plane.json_service import JsonService

_JSON = "application/x-amz-json-1.0"
# What clients of the query protocol know an error by, which boto3 takes for its code (the model: awsQueryCompatible).
_OLD_NAMES = {"DashboardNotFoundError": "ResourceNotFound", "DashboardInvalidInputError": "InvalidParameterInput"}
_STATS: dict[str, Callable[[list[float]], float]] = {"Sum": sum, "SampleCount": len, "Maximum": max, "Minimum": min}


class CloudWatch(JsonService):
    """`GraniteServiceVersion20100801.*`."""

    target = "GraniteServiceVersion20100801."
    content_type = _JSON

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings, self._store = settings, store
        self.operations = {
            "ListMetrics": self._list,
            "GetMetricData": self._data,
            "GetMetricStatistics": self._statistics,
            **Alarms(store).operations,
        }

    def refusal(self, error: AwsError) -> AwsAnswer:
        body = json.dumps({"__type": f"com.amazonaws.cloudwatch#{error.code}", "message": error.message}).encode()
        whose = "Receiver" if error.status >= 500 else "Sender"
        old_name = f"{_OLD_NAMES.get(error.code, error.code)};{whose}"
        headers = {"Content-Type": _JSON, "x-amzn-RequestId": request_id(), "x-amzn-query-error": old_name}
        return AwsAnswer(error.status, body, headers)

    def _list(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        """A filter of dimensions takes every metric that has them, with whatever others beside."""
        wanted = {one["Name"]: one.get("Value") for one in body.get("Dimensions") or ()}
        found = [
            {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": _wire(metric)}
            for metric in self._metrics(call)
            if body.get("Namespace") in (None, metric.namespace)
            and body.get("MetricName") in (None, metric.name)
            and all(
                name in metric.dimensions and value in (None, metric.dimensions[name]) for name, value in wanted.items()
            )
        ]
        return {"Metrics": found}

    def _data(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        """One value for each period that has any; a metric is found by exactly its dimensions."""
        start, end = float(body["StartTime"]), float(body["EndTime"])
        held = {metric.key("", ""): metric for metric in self._metrics(call)}
        results = []
        for query in body.get("MetricDataQueries") or ():
            if "MetricStat" not in query:
                raise AwsError(400, "InvalidParameterValueException", "the lab computes no expressions")
            asked = query["MetricStat"]
            named = asked["Metric"]
            dimensions = {one["Name"]: one["Value"] for one in named.get("Dimensions") or ()}
            metric = held.get(Metric(named["Namespace"], named["MetricName"], dimensions).key("", ""))
            by_period: dict[float, list[float]] = {}
            for at, value in metric.points if metric is not None else ():
                if start <= at < end:
                    by_period.setdefault(at - at % asked["Period"], []).append(value)
            stat = _STATS.get(asked["Stat"])
            if stat is None:
                raise AwsError(400, "InvalidParameterValueException", f"the lab has no statistic {asked['Stat']}")
            times = sorted(by_period, reverse=True)
            values = [float(stat(by_period[at])) for at in times]
            label = query.get("Label") or named["MetricName"]
            results.append(
                {"Id": query["Id"], "Label": label, "Timestamps": times, "Values": values, "StatusCode": "Complete"}
            )
        return {"MetricDataResults": results, "Messages": []}

    def _statistics(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        return statistics(body, list(self._metrics(call)))

    def _metrics(self, call: AwsCall) -> Iterator[Metric]:
        yield from metrics(self._store, call.account, call.region)
        yield from request_metrics(self._settings, call.account, call.region)


def _wire(metric: Metric) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in sorted(metric.dimensions.items())]
