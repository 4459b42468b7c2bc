"""azure-native:dns:RecordSet."""

from __future__ import annotations

from typing import Any

from linkproof.dns.azure.record_set import from_api, to_api
from linkproof.providers.protocol.base import ApiError, Patience, ResourceType, State
from linkproof.providers.protocol.schema import (
    NAME,
    NUMBER,
    TEXT,
    TEXT_MAP,
    TEXTS,
    list_of,
    obj,
    replacing,
    required,
    words,
)
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.azure.stand_in.client import AzureClient

_VERSION = "2023-07-01-preview"
_IN_PATH = ("resourceGroupName", "zoneName", "recordType", "relativeRecordSetName")


class RecordSet(ResourceType):
    """A record set. Its id, also to import by, is `/subscriptions/…/dnszones/<zone>/<type>/<relative name>`."""

    token = "azure-native:dns:RecordSet"  # noqa: S105
    schema = obj(
        {
            "resourceGroupName": required(replacing(TEXT)),
            "zoneName": required(replacing(NAME)),
            "recordType": required(replacing(TEXT)),
            "relativeRecordSetName": replacing(TEXT),
            "ttl": NUMBER,
            "metadata": TEXT_MAP,
            "cnameRecord": obj({"cname": TEXT}),
            "txtRecords": list_of(obj({"value": TEXTS})),
            "aRecords": list_of(obj({"ipv4Address": TEXT})),
            "aaaaRecords": list_of(obj({"ipv6Address": TEXT})),
            "mxRecords": list_of(obj({"preference": NUMBER, "exchange": TEXT})),
        },
        elsewhere=words(
            "caaRecords dsRecords naptrRecords nsRecords ptrRecords soaRecord srvRecords targetResource tlsaRecords trafficManagementProfile"
        ),
    )
    computed = ("azureApiVersion", "etag", "fqdn", "name", "provisioningState", "type")
    volatile = ("etag",)

    def __init__(self, client: AzureClient) -> None:
        self._client = client

    def create(self, inputs: Properties, patience: Patience) -> State:
        """It reads first, and refuses what exists."""
        id_ = self._id(inputs)
        if self._client.find(id_, _VERSION):
            raise ApiError(f"PUT {id_}", 409, "Conflict", f"cannot create already existing resource '{id_}'")
        return self._put(id_, inputs)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        found = self._client.find(resource_id, _VERSION)
        return self._state(found) if found else None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        return self._put(resource_id, inputs)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        self._client.call("DELETE", resource_id, _VERSION)

    def _put(self, id_: str, inputs: Properties) -> State:
        properties = to_api({name: value for name, value in inputs.items() if name not in _IN_PATH})
        return self._state(self._client.call("PUT", id_, _VERSION, {"properties": properties}))

    def _id(self, inputs: Properties) -> str:
        group, zone, rtype, name = (inputs[key] for key in _IN_PATH)
        root = f"/subscriptions/{self._client.subscription}/resourceGroups/{group}"
        return f"{root}/providers/Microsoft.Network/dnsZones/{zone}/{rtype}/{name}"

    def _state(self, found: Properties) -> State:
        _, _, _, _, group, _, _, _, zone, rtype, name = found["id"].split("/")
        held: dict[str, Any] = from_api(found["properties"])
        inputs = {key: held[key] for key in self.schema.fields if key in held}
        inputs |= {"resourceGroupName": group, "zoneName": zone, "recordType": rtype, "relativeRecordSetName": name}
        computed = {
            "id": found["id"],
            "name": found["name"],
            "type": found["type"],
            "etag": found["etag"],
            "azureApiVersion": _VERSION,
            "fqdn": held["fqdn"],
            "provisioningState": held["provisioningState"],
        }
        return State(found["id"], inputs, computed)
