"""One resource type of a profile: its table says where it is and what it has, and this does the rest. Names are the API's but for nesting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from linkproof.providers.protocol.base import ApiError, Patience, ResourceType, State
from linkproof.providers.protocol.schema import Field
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.azure.stand_in.client import AzureClient

_VERSION = "2025-06-01"
# What stands beside `properties` in the API.
_OUTSIDE = frozenset({"location", "sku", "tags"})


@dataclass(frozen=True, slots=True)
class Kind:
    """Args:
    path: below the resource group's `Microsoft.Cdn`; `{profileName}` and the like stand for inputs.
    outputs: what only the vendor can set, of `properties`.
    volatile: those of it that any update may change.
    """

    token: str
    path: str
    schema: Field
    outputs: tuple[str, ...] = ()
    volatile: tuple[str, ...] = ()

    @property
    def in_path(self) -> tuple[str, ...]:
        return ("resourceGroupName", *re.findall(r"{(\w+)}", self.path))


class ObjectType(ResourceType):
    """Its id, also to import by, is Azure's."""

    token = ""

    def __init__(self, kind: Kind, client: AzureClient) -> None:
        self.token = kind.token  # type: ignore[misc]  # of the instance: the types differ by their tables alone
        self.schema = kind.schema  # type: ignore[misc]
        self.computed = ("azureApiVersion", "name", "provisioningState", "type", *kind.outputs)  # type: ignore[misc]
        self.volatile = kind.volatile  # type: ignore[misc]
        self._kind = kind
        self._client = client

    def create(self, inputs: Properties, patience: Patience) -> State:
        """It reads first, and refuses what exists."""
        root = f"/subscriptions/{self._client.subscription}/resourceGroups/{inputs['resourceGroupName']}"
        id_ = f"{root}/providers/Microsoft.Cdn/{self._kind.path.format(**inputs)}"
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
        given = {name: value for name, value in inputs.items() if name not in self._kind.in_path}
        outside = {name: value for name, value in given.items() if name in _OUTSIDE}
        inside = {name: value for name, value in given.items() if name not in _OUTSIDE}
        return self._state(self._client.call("PUT", id_, _VERSION, {**outside, "properties": inside}))

    def _state(self, found: Properties) -> State:
        held: dict[str, Any] = {**{name: found[name] for name in _OUTSIDE if name in found}, **found["properties"]}
        inputs = {name: held[name] for name in self.schema.fields if held.get(name) is not None}
        parts = found["id"].split("/")
        inputs["resourceGroupName"] = parts[4]
        inputs |= dict(zip(self._kind.in_path[1:], parts[8::2], strict=True))
        if "customDomains" in inputs:  # the input has ids alone
            inputs["customDomains"] = [{"id": one["id"]} for one in inputs["customDomains"]]
        computed = {name: held[name] for name in ("provisioningState", *self._kind.outputs) if name in held}
        said = {"id": found["id"], "name": found["name"], "type": found["type"], "azureApiVersion": _VERSION}
        return State(found["id"], inputs, {**computed, **said})
