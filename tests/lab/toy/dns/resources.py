"""`toy:index:Record`: inputs `zone`, `name`, `type`, `ttl`, `values`. Its id, also to import by, is `<zone>/<name>/<type>`."""

from __future__ import annotations

from typing import Any

from linkproof.providers.protocol.base import Package, Patience, ProviderError, ResourceType, State, by_token
from linkproof.providers.protocol.schema import NAME, NUMBER, TEXT, TEXT_SET, obj, replacing, required
from linkproof.providers.protocol.values import Properties
from linkproof_lab.providers.endpoints import Endpoints


def resources(client: Endpoints) -> Package:
    return Package(types=by_token(Record(client)), invokes={})


class Record(ResourceType):
    """A record set; its values and TTL change in place."""

    token = "toy:index:Record"
    schema = obj(
        {
            "zone": required(replacing(TEXT)),
            "name": required(replacing(NAME)),
            "type": required(replacing(TEXT)),
            "ttl": required(NUMBER),
            "values": required(TEXT_SET),
        }
    )

    def __init__(self, client: Endpoints) -> None:
        self._client = client

    def create(self, inputs: Properties, patience: Patience) -> State:
        made = self._client.call("dns", "POST", f"/zones/{inputs['zone']}/records", _body(inputs))
        return _state(inputs["zone"], made)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        zone, name, rtype = _parts(resource_id)
        found = self._client.find("dns", f"/zones/{zone}/records/{name}/{rtype}")
        return _state(zone, found) if found else None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        zone, name, rtype = _parts(resource_id)
        return _state(zone, self._client.call("dns", "PUT", f"/zones/{zone}/records/{name}/{rtype}", _body(inputs)))

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        zone, name, rtype = _parts(resource_id)
        if self._client.find("dns", f"/zones/{zone}/records/{name}/{rtype}"):
            self._client.call("dns", "DELETE", f"/zones/{zone}/records/{name}/{rtype}")


def _parts(resource_id: str) -> tuple[str, str, str]:
    parts = resource_id.split("/")
    if len(parts) != 3:
        raise ProviderError(f"{resource_id} is not the id of a record", "write <zone>/<name>/<type>")
    return parts[0], parts[1], parts[2]


def _body(inputs: Properties) -> dict[str, Any]:
    return {name: inputs[name] for name in ("name", "type", "ttl", "values")}


def _state(zone: str, found: dict[str, Any]) -> State:
    held = {name: found[name] for name in ("name", "type", "ttl", "values")}
    return State(f"{zone}/{found['id']}", {"zone": zone, **held})
