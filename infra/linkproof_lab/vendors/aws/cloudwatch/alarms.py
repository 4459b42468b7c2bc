"""Alarms and dashboards, as they were put. Nothing sounds in the lab."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsCall, AwsError

ALARM_KIND, DASHBOARD_KIND = "cloudwatch-alarm", "cloudwatch-dashboard"
_COMPARISONS = (
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
)
_MISSING = ("breaching", "notBreaching", "ignore", "missing")
# Evaluated over at most a day, and over a week where a period is an hour or longer (PutMetricAlarm, API reference).
_DAY_SECONDS, _WEEK_SECONDS = 86_400, 604_800
_HOUR_SECONDS = 3600
_NOT_HELD = ("Tags",)


class Alarms:
    """Of every account and region; dashboards of every account, for they have no region."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.operations: dict[str, Callable[[AwsCall, dict[str, Any]], dict[str, Any]]] = {
            "PutMetricAlarm": self._put_alarm,
            "DescribeAlarms": self._describe,
            "DeleteAlarms": self._delete_alarms,
            "ListTagsForResource": self._tags,
            "TagResource": self._tag,
            "PutDashboard": self._put_dashboard,
            "GetDashboard": self._dashboard,
            "DeleteDashboards": self._delete_dashboards,
        }

    def _put_alarm(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        """A put replaces all of an alarm but its tags, which only the first one sets."""
        for problem in _problems(body):
            raise AwsError(400, "ValidationError", problem)
        key = f"{call.account}/{call.region}/{body['AlarmName']}"
        before = self._store.get(ALARM_KIND, key)
        tags = before["tags"] if before else {tag["Key"]: tag["Value"] for tag in body.get("Tags") or ()}
        held = {name: value for name, value in body.items() if name not in _NOT_HELD}
        self._store.put(ALARM_KIND, key, {"alarm": {"ActionsEnabled": True, **held}, "tags": tags})
        return {}

    def _describe(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        wanted = body.get("AlarmNames")
        found = [
            {**doc["alarm"], "AlarmArn": _arn(call, name), "StateValue": "INSUFFICIENT_DATA"}
            for name, doc in self._alarms(call)
            if wanted is None or name in wanted
        ]
        return {"MetricAlarms": found, "CompositeAlarms": []}

    def _delete_alarms(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        """One that is not there fails the whole call, and nothing is deleted."""
        there = {name for name, _ in self._alarms(call)}
        if absent := [name for name in body.get("AlarmNames") or () if name not in there]:
            raise AwsError(404, "ResourceNotFound", f"Unknown alarms: {', '.join(absent)}")
        for name in body.get("AlarmNames") or ():
            self._store.delete(ALARM_KIND, f"{call.account}/{call.region}/{name}")
        return {}

    def _alarms(self, call: AwsCall) -> Iterator[tuple[str, dict[str, Any]]]:
        start = f"{call.account}/{call.region}/"
        for key, doc in self._store.all(ALARM_KIND):
            if key.startswith(start):
                yield key.removeprefix(start), doc

    def _tagged(self, call: AwsCall, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        name = str(body.get("ResourceARN")).rpartition(":")[2]
        found = dict(self._alarms(call)).get(name)
        if found is None:
            raise AwsError(404, "ResourceNotFoundException", f"Unknown alarm {name}")
        return name, found

    def _tags(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        _, doc = self._tagged(call, body)
        return {"Tags": [{"Key": key, "Value": value} for key, value in doc["tags"].items()]}

    def _tag(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        name, doc = self._tagged(call, body)
        tags = {**doc["tags"], **{tag["Key"]: tag["Value"] for tag in body.get("Tags") or ()}}
        self._store.put(ALARM_KIND, f"{call.account}/{call.region}/{name}", {**doc, "tags": tags})
        return {}

    def _put_dashboard(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        text = str(body.get("DashboardBody"))
        try:
            widgets = json.loads(text)["widgets"]
        except (ValueError, KeyError, TypeError) as error:
            message = "The dashboard body is invalid, there are 1 validation errors"
            raise AwsError(400, "DashboardInvalidInputError", message) from error
        if any(widget.get("type") == "metric" and "region" not in widget["properties"] for widget in widgets):
            raise AwsError(400, "DashboardInvalidInputError", 'Should have required property "region"')
        self._store.put(DASHBOARD_KIND, f"{call.account}/{body['DashboardName']}", {"body": text})
        return {"DashboardValidationMessages": []}

    def _dashboard(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        name = str(body["DashboardName"])
        doc = self._store.get(DASHBOARD_KIND, f"{call.account}/{name}")
        if doc is None:
            raise AwsError(404, "DashboardNotFoundError", f"Dashboard {name} does not exist")
        arn = f"arn:aws:cloudwatch::{call.account}:dashboard/{name}"
        return {"DashboardArn": arn, "DashboardName": name, "DashboardBody": doc["body"]}

    def _delete_dashboards(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        """One that is not there fails the whole call."""
        for name in body.get("DashboardNames") or ():
            self._dashboard(call, {"DashboardName": name})
        for name in body.get("DashboardNames") or ():
            self._store.delete(DASHBOARD_KIND, f"{call.account}/{name}")
        return {}


def _arn(call: AwsCall, name: str) -> str:
    return f"arn:aws:cloudwatch:{call.region}:{call.account}:alarm:{name}"


def _problems(body: dict[str, Any]) -> Iterator[str]:
    if body.get("ComparisonOperator") not in _COMPARISONS:
        yield f"ComparisonOperator {body.get('ComparisonOperator')} is none of {', '.join(_COMPARISONS)}"
    if body.get("TreatMissingData", "missing") not in _MISSING:
        yield f"Option {body['TreatMissingData']} is not supported for TreatMissingData parameter"
    period = int(body.get("Period") or 0)
    most = _WEEK_SECONDS if period >= _HOUR_SECONDS else _DAY_SECONDS
    if period * int(body.get("EvaluationPeriods") or 0) > most:
        yield "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)."
