"""aws:cloudwatch/dashboard:Dashboard."""

from __future__ import annotations

import json
from typing import Any

from linkproof.providers.protocol.base import ApiError, Patience, ResourceType, State
from linkproof.providers.protocol.schema import TEXT, Field, obj, replacing, required
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.stand_in.client import AwsClient
from linkproof_lab.vendors.aws.stand_in.region import id_and_region, without_default


def _as_json(text: Any) -> Any:
    """The provider compares what a body says, not how it is written."""
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except (ValueError, TypeError):
        return text


class Dashboard(ResourceType):
    """Its id is its name. Dashboards have no region of their own; the one that is given says which endpoint is asked."""

    token = "aws:cloudwatch/dashboard:Dashboard"  # noqa: S105
    schema = obj(
        {
            "dashboardName": required(replacing(TEXT)),
            "dashboardBody": required(Field("text", fold=_as_json)),
            "region": replacing(TEXT),
        }
    )
    computed = ("dashboardArn",)

    def __init__(self, aws: AwsClient) -> None:
        self._aws = aws

    def normal(self, inputs: Properties) -> Properties:
        """The default region need not be said."""
        return without_default(super().normal(inputs), self._aws.region)

    def create(self, inputs: Properties, patience: Patience) -> State:
        return self._put(inputs)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        name, region = id_and_region(resource_id, outputs, self._aws.region)
        try:
            return self._held(name, region)
        except ApiError as error:
            if error.code == "ResourceNotFound":
                return None
            raise

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        return self._put(inputs)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            self._aws.cloudwatch("DeleteDashboards", {"DashboardNames": [resource_id]}, self._region(outputs))
        except ApiError as error:
            if error.code != "ResourceNotFound":
                raise

    def _put(self, inputs: Properties) -> State:
        name, region = str(inputs["dashboardName"]), self._region(inputs)
        body = {"DashboardName": name, "DashboardBody": inputs["dashboardBody"]}
        self._aws.cloudwatch("PutDashboard", body, region)
        return self._held(name, region)

    def _region(self, properties: Properties) -> str:
        return str(properties.get("region") or self._aws.region)

    def _held(self, name: str, region: str) -> State:
        found = self._aws.cloudwatch("GetDashboard", {"DashboardName": name}, region)
        inputs: Properties = {"dashboardName": name, "dashboardBody": found["DashboardBody"], "region": region}
        return State(name, inputs, {"dashboardArn": found["DashboardArn"]})
