"""gcp:dns/recordSet:RecordSet."""

from __future__ import annotations

import re
from typing import Any

from linkproof.providers.protocol.base import Patience, ProviderError, ResourceType, State
from linkproof.providers.protocol.schema import NAME, NUMBER, TEXT, TEXT_SET, obj, replacing, required, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.gcp.stand_in.client import GcpClient

_ID = re.compile(r"^(?:projects/)?(?:[^/]+/)?(?:managedZones/)?([^/]+)/(?:rrsets/)?([^/]+)/([A-Z]+)$")


class RecordSet(ResourceType):
    """A record set. Its id, also to import by, is `projects/<project>/managedZones/<zone>/rrsets/<name>/<type>`."""

    token = "gcp:dns/recordSet:RecordSet"  # noqa: S105
    schema = obj(
        {
            "managedZone": required(replacing(TEXT)),
            "name": required(replacing(NAME)),
            "type": required(replacing(TEXT)),
            "rrdatas": TEXT_SET,
            "ttl": NUMBER,
        },
        elsewhere=words("deletionPolicy project routingPolicy"),
    )
    computed = ("project",)

    def __init__(self, client: GcpClient) -> None:
        self._client = client

    def create(self, inputs: Properties, patience: Patience) -> State:
        self._change(inputs["managedZone"], additions=[_wire(inputs)])
        return self._state(inputs)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        parts = _ID.match(resource_id)
        if parts is None:
            raise ProviderError(f"{resource_id} is no id of a record set")
        zone, name, rtype = parts.groups()
        found = self._held(zone, name, rtype)
        return self._state({"managedZone": zone, **found}) if found else None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        """One change that deletes what stands there and adds what is wanted: no moment without an answer."""
        held = self._held(inputs["managedZone"], inputs["name"], inputs["type"])
        self._change(inputs["managedZone"], deletions=[held] if held else [], additions=[_wire(inputs)])
        return self._state(inputs)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        held = self._held(outputs["managedZone"], outputs["name"], outputs["type"])
        if held:
            self._change(outputs["managedZone"], deletions=[held])

    def _held(self, zone: str, name: str, rtype: str) -> dict[str, Any] | None:
        path = f"projects/{self._client.project}/managedZones/{zone}/rrsets"
        found = (self._client.find("dns", path, {"name": name, "type": rtype}) or {}).get("rrsets") or []
        return {key: found[0][key] for key in ("name", "type", "ttl", "rrdatas")} if found else None

    def _change(self, zone: str, **body: Any) -> None:
        self._client.call("dns", "POST", f"projects/{self._client.project}/managedZones/{zone}/changes", body)

    def _state(self, found: Properties) -> State:
        project = self._client.project
        held = {name: found[name] for name in self.schema.fields if name in found}
        id_ = f"projects/{project}/managedZones/{held['managedZone']}/rrsets/{held['name']}/{held['type']}"
        return State(id_, held, {"id": id_, "project": project})


def _wire(inputs: Properties) -> dict[str, Any]:
    return {name: inputs[name] for name in ("name", "type", "ttl", "rrdatas") if name in inputs}
