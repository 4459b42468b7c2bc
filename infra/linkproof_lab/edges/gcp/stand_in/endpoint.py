"""gcp:compute/globalNetworkEndpoint:GlobalNetworkEndpoint: it has no path of its own in the API, its group does."""

from __future__ import annotations

from typing import Any

from linkproof.providers.protocol.base import Patience, ProviderError, ResourceType, State
from linkproof.providers.protocol.schema import NAME, NUMBER, obj, replacing, required, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.edges.gcp.stand_in.compute import LINK
from linkproof_lab.vendors.gcp.stand_in.client import GcpClient


class Endpoint(ResourceType):
    """Its id, also to import by, is `<project>/<group>/<address>/<fqdn>/<port>`; one of the two in the middle is empty."""

    token = "gcp:compute/globalNetworkEndpoint:GlobalNetworkEndpoint"  # noqa: S105
    schema = obj(
        {
            "globalNetworkEndpointGroup": required(replacing(LINK.but(fold=lambda group: group.rpartition("/")[2]))),
            "fqdn": replacing(NAME),
            "port": required(replacing(NUMBER)),
        },
        elsewhere=words("deletionPolicy ipAddress project"),
    )
    computed = ("id", "project")

    def __init__(self, client: GcpClient) -> None:
        self._client = client

    def create(self, inputs: Properties, patience: Patience) -> State:
        group = str(inputs["globalNetworkEndpointGroup"]).rpartition("/")[2]
        self._call(group, "attachNetworkEndpoints", {"networkEndpoints": [_wire(inputs)]})
        return self._state(group, _wire(inputs))

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        parts = resource_id.split("/")
        if len(parts) != 5:
            raise ProviderError(f"{resource_id} is no id of an endpoint: <project>/<group>/<address>/<fqdn>/<port>")
        _, group, _, fqdn, port = parts
        path = f"projects/{self._client.project}/global/networkEndpointGroups/{group}"
        if self._client.find("compute", path) is None:
            return None
        listed = self._call(group, "listNetworkEndpoints", {}).get("items") or ()
        for one in (item["networkEndpoint"] for item in listed):
            if (one.get("fqdn"), str(one.get("port"))) == (fqdn, port):
                return self._state(group, one)
        return None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        raise ProviderError("an endpoint is never changed in place")

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        if self.read(resource_id, outputs):
            group = resource_id.split("/")[1]
            self._call(group, "detachNetworkEndpoints", {"networkEndpoints": [_wire(outputs)]})

    def _call(self, group: str, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        path = f"projects/{self._client.project}/global/networkEndpointGroups/{group}/{verb}"
        return self._client.call("compute", "POST", path, body)

    def _state(self, group: str, found: dict[str, Any]) -> State:
        project = self._client.project
        id_ = f"{project}/{group}//{found['fqdn']}/{found['port']}"
        return State(id_, {"globalNetworkEndpointGroup": group, **found}, {"id": id_, "project": project})


def _wire(inputs: Properties) -> dict[str, Any]:
    return {"fqdn": inputs["fqdn"], "port": int(inputs["port"])}
