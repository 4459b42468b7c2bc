"""One resource type of Google's: its table says where it is and how its properties are called, and this does the rest.

The SDK's names are the API's but for those in `_WIRE`, whatever they are nested in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from linkproof.providers.protocol.base import Patience, ProviderError, ResourceType, State
from linkproof.providers.protocol.schema import Field
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.gcp.stand_in.client import GcpClient

_WIRE = {
    "enableCdn": "enableCDN",
    "ipAddress": "IPAddress",
    "ipProtocol": "IPProtocol",
    "requestHeadersToAdds": "requestHeadersToAdd",
    "requestHeadersToRemoves": "requestHeadersToRemove",
}
_SDK = {wire: name for name, wire in _WIRE.items()}


@dataclass(frozen=True, slots=True)
class Kind:
    """Args:
    collection: below the project, `{map}` and the like stand for an input.
    query: the parameter that names a new object; empty where its body does.
    outputs: from what the API holds to what only it can set.
    elsewhere: inputs that are in the path alone.
    """

    token: str
    api: str
    collection: str
    schema: Field
    computed: tuple[str, ...]
    outputs: Callable[[Mapping[str, Any]], Properties]
    query: str = ""
    elsewhere: tuple[str, ...] = ()


class ObjectType(ResourceType):
    """Its id, also to import by, is its path: `projects/…`."""

    token = ""

    def __init__(self, kind: Kind, client: GcpClient) -> None:
        self.token = kind.token  # type: ignore[misc]  # of the instance: the types differ by their tables alone
        self.schema = kind.schema  # type: ignore[misc]
        self.computed = kind.computed  # type: ignore[misc]
        self._kind = kind
        self._client = client

    def create(self, inputs: Properties, patience: Patience) -> State:
        kind, name = self._kind, str(inputs["name"])
        parent = f"projects/{self._client.project}/{kind.collection.format(**inputs)}"
        query = {kind.query: name} if kind.query else None
        self._client.call(kind.api, "POST", parent, self._body(inputs), query)
        state = self.read(f"{parent}/{name}", inputs)
        if state is None:
            raise ProviderError(f"{parent}/{name} is gone the moment after it was made")
        return state

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        found = self._client.find(self._kind.api, resource_id)
        return self._state(resource_id, found) if found else None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        body = self._body(inputs)
        query = {"updateMask": ",".join(body)} if self._kind.query else None
        self._client.call(self._kind.api, "PATCH", resource_id, body, query)
        state = self.read(resource_id, inputs)
        if state is None:
            raise ProviderError(f"{resource_id} is gone the moment after it was changed")
        return state

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        if self._client.find(self._kind.api, resource_id):
            self._client.call(self._kind.api, "DELETE", resource_id)

    def _body(self, inputs: Properties) -> dict[str, Any]:
        kept = {name: value for name, value in inputs.items() if name not in self._kind.elsewhere}
        body: dict[str, Any] = _renamed(kept, _WIRE)
        return body

    def _state(self, path: str, found: Mapping[str, Any]) -> State:
        held = _renamed({key: value for key, value in found.items() if key != "selfLink"}, _SDK)
        inputs = {name: held[name] for name in self.schema.fields if name in held}
        inputs["name"] = path.rpartition("/")[2]
        parts = path.split("/")
        if "map" in self._kind.elsewhere:
            inputs["map"] = parts[5]
        computed = {"id": path, "project": parts[1], **self._kind.outputs(held)}
        if "selfLink" in found:
            computed["selfLink"] = found["selfLink"]
        return State(path, inputs, computed)


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(key, key): _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, names) for inner in value]
    return value
