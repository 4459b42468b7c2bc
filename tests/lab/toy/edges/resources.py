"""`toy:index:Edge`: inputs `host`, `origin`; outputs `id`, `domain_name`. Another host or origin is another edge."""

from __future__ import annotations

from typing import Any

from linkproof.providers.protocol.base import Package, Patience, ProviderError, ResourceType, State, by_token
from linkproof.providers.protocol.schema import NAME, obj, replacing, required
from linkproof.providers.protocol.values import Properties
from linkproof_lab.providers.endpoints import Endpoints


def resources(client: Endpoints) -> Package:
    return Package(types=by_token(Edge(client)), invokes={})


class Edge(ResourceType):
    """Its id, also to import by, is the API's."""

    token = "toy:index:Edge"
    schema = obj({"host": required(replacing(NAME)), "origin": required(replacing(NAME))})
    computed = ("id", "domain_name")

    def __init__(self, client: Endpoints) -> None:
        self._client = client

    def create(self, inputs: Properties, patience: Patience) -> State:
        return _state(self._client.call("edges", "POST", "/edges", {name: inputs[name] for name in ("host", "origin")}))

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        found = self._client.find("edges", f"/edges/{resource_id}")
        return _state(found) if found else None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        raise ProviderError("a toy edge is never changed in place")

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        if self._client.find("edges", f"/edges/{resource_id}"):
            self._client.call("edges", "DELETE", f"/edges/{resource_id}")


def _state(found: dict[str, Any]) -> State:
    computed = {"id": found["id"], "domain_name": found["domain_name"]}
    return State(found["id"], {"host": found["host"], "origin": found["origin"]}, computed)
