"""aws:cloudwatch/dashboard:Dashboard."""

from __future__ import annotations

from linkproof.providers.protocol.base import ApiError, Patience, State
from linkproof.providers.protocol.schema import TEXT, obj, replacing, required
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.stand_in.json_text import JSON_TEXT
from linkproof_lab.vendors.aws.stand_in.region import Regional


class Dashboard(Regional):
    """Its id is its name. Dashboards have no region of their own; the one that is given says which endpoint is asked."""

    token = "aws:cloudwatch/dashboard:Dashboard"  # noqa: S105
    schema = obj(
        {
            "dashboardName": required(replacing(TEXT)),
            "dashboardBody": required(JSON_TEXT),
            "region": replacing(TEXT),
        }
    )
    computed = ("dashboardArn",)

    def create(self, inputs: Properties, patience: Patience) -> State:
        return self._put(inputs)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        name, region = self.id_and_region(resource_id, outputs)
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
            self.aws.cloudwatch("DeleteDashboards", {"DashboardNames": [resource_id]}, self.region(outputs))
        except ApiError as error:
            if error.code != "ResourceNotFound":
                raise

    def _put(self, inputs: Properties) -> State:
        name, region = str(inputs["dashboardName"]), self.region(inputs)
        body = {"DashboardName": name, "DashboardBody": inputs["dashboardBody"]}
        self.aws.cloudwatch("PutDashboard", body, region)
        return self._held(name, region)

    def _held(self, name: str, region: str) -> State:
        found = self.aws.cloudwatch("GetDashboard", {"DashboardName": name}, region)
        inputs: Properties = {"dashboardName": name, "dashboardBody": found["DashboardBody"], "region": region}
        return State(name, inputs, {"dashboardArn": found["DashboardArn"]})
