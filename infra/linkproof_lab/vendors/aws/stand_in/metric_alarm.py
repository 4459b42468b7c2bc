"""aws:cloudwatch/metricAlarm:MetricAlarm."""

from __future__ import annotations

from typing import Any

from linkproof.providers.protocol.base import ApiError, Patience, ProviderError, State
from linkproof.providers.protocol.schema import (
    FLAG,
    NUMBER,
    TEXT,
    TEXT_MAP,
    TEXT_SET,
    choice,
    obj,
    replacing,
    required,
    words,
)
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.stand_in.region import Regional, wire_tags

_PLAIN = {
    "alarmDescription": "AlarmDescription",
    "actionsEnabled": "ActionsEnabled",
    "comparisonOperator": "ComparisonOperator",
    "evaluationPeriods": "EvaluationPeriods",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "period": "Period",
    "statistic": "Statistic",
    "threshold": "Threshold",
    "treatMissingData": "TreatMissingData",
}
_LISTS = {
    "alarmActions": "AlarmActions",
    "okActions": "OKActions",
    "insufficientDataActions": "InsufficientDataActions",
}


class MetricAlarm(Regional):
    """Its id is its name."""

    token = "aws:cloudwatch/metricAlarm:MetricAlarm"  # noqa: S105
    schema = obj(
        {
            "name": required(replacing(TEXT)),
            "alarmDescription": TEXT,
            "actionsEnabled": FLAG.but(default=True),
            "comparisonOperator": required(TEXT),
            "evaluationPeriods": required(NUMBER),
            "metricName": TEXT,
            "namespace": TEXT,
            "dimensions": TEXT_MAP,
            "period": NUMBER,
            "statistic": TEXT,
            "threshold": NUMBER,
            "treatMissingData": choice("breaching", "notBreaching", "ignore", "missing", default="missing"),
            **dict.fromkeys(_LISTS, TEXT_SET),
            "region": replacing(TEXT),
            "tags": TEXT_MAP,
        },
        elsewhere=words(
            "datapointsToAlarm evaluateLowSampleCountPercentiles evaluationCriteria evaluationInterval evaluationWindow"
            " extendedStatistic metricQueries thresholdMetricId unit warmUpConfiguration"
        ),
    )
    computed = words("arn tagsAll")
    volatile = ("tagsAll",)

    def create(self, inputs: Properties, patience: Patience) -> State:
        return self._put(inputs)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        return self._found(*self.id_and_region(resource_id, outputs))

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        """A put replaces all but the tags."""
        state = self._put(inputs)
        fresh = self.new_tags(inputs, state.computed["tagsAll"])
        if fresh:
            body = {"ResourceARN": state.computed["arn"], "Tags": fresh}
            self.aws.cloudwatch("TagResource", body, self.region(inputs))
            return self._held(resource_id, self.region(inputs))
        return state

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            self.aws.cloudwatch("DeleteAlarms", {"AlarmNames": [resource_id]}, self.region(outputs))
        except ApiError as error:
            if error.code != "ResourceNotFound":
                raise

    def _put(self, inputs: Properties) -> State:
        name, region = str(inputs["name"]), self.region(inputs)
        body: dict[str, Any] = {"AlarmName": name, **{_PLAIN[key]: inputs[key] for key in _PLAIN if key in inputs}}
        body |= {wire: sorted(inputs[key]) for key, wire in _LISTS.items() if inputs.get(key)}
        body["Dimensions"] = [{"Name": key, "Value": value} for key, value in (inputs.get("dimensions") or {}).items()]
        body["Tags"] = wire_tags(self.tags(inputs))
        self.aws.cloudwatch("PutMetricAlarm", body, region)
        return self._held(name, region)

    def _held(self, name: str, region: str) -> State:
        state = self._found(name, region)
        if state is None:
            raise ProviderError(f"alarm {name} is gone", "run `pulumi refresh`")
        return state

    def _found(self, name: str, region: str) -> State | None:
        found = self.aws.cloudwatch("DescribeAlarms", {"AlarmNames": [name]}, region)["MetricAlarms"]
        if not found:
            return None
        (alarm,) = found
        held = self.aws.cloudwatch("ListTagsForResource", {"ResourceARN": alarm["AlarmArn"]}, region)["Tags"]
        tags, own = self.read_tags(held)
        inputs: Properties = {"name": name, "region": region}
        inputs |= {key: alarm[wire] for key, wire in (_PLAIN | _LISTS).items() if wire in alarm}
        dimensions = {one["Name"]: one["Value"] for one in alarm.get("Dimensions") or ()}
        inputs |= {key: value for key, value in (("dimensions", dimensions), ("tags", own)) if value}
        return State(name, inputs, {"arn": alarm["AlarmArn"], "tagsAll": tags})
