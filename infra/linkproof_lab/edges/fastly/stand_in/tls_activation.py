"""fastly:index/tlsActivation:TlsActivation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linkproof.providers.protocol.base import ApiError, Patience, ResourceType, State
from linkproof.providers.protocol.schema import TEXT, Change, obj, replacing, required
from linkproof.providers.protocol.values import Properties

from linkproof_lab.edges.fastly.stand_in.client import FastlyClient, part

_LEFT_TO_FASTLY = "configurationId"


class TlsActivation(ResourceType):
    """That TLS is on for a host. Another certificate is an update; another host or configuration replaces it."""

    token = "fastly:index/tlsActivation:TlsActivation"  # noqa: S105
    schema = obj(
        {
            "certificateId": required(TEXT),
            "domain": required(replacing(TEXT)),
            "configurationId": replacing(TEXT),
            "mutualAuthenticationId": TEXT,
        }
    )
    computed = ("configurationId", "createdAt")

    def __init__(self, fastly: FastlyClient) -> None:
        self._fastly = fastly

    def inputs_as_read(self, held: Properties, old_inputs: Properties) -> Properties:
        """What a program leaves to Fastly is no input of it."""
        left = bool(old_inputs) and _LEFT_TO_FASTLY not in old_inputs
        kept = {name: held[name] for name in held if not (left and name == _LEFT_TO_FASTLY)}
        return super().inputs_as_read(kept, old_inputs)

    def changes(self, old: Properties, new: Properties) -> Iterator[Change]:
        left = {_LEFT_TO_FASTLY: old[_LEFT_TO_FASTLY]} if _LEFT_TO_FASTLY in old else {}
        yield from super().changes(old, {**left, **new})

    def create(self, inputs: Properties, patience: Patience) -> State:
        wanted = {"tls_certificate": inputs["certificateId"], "tls_domain": inputs["domain"]}
        if inputs.get("configurationId"):
            wanted["tls_configuration"] = inputs["configurationId"]
        return _state(self._fastly.json_api("POST", "/tls/activations", _document(wanted))["data"])

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        try:
            return _state(self._fastly.json_api("GET", f"/tls/activations/{part(resource_id)}")["data"])
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        document = _document({"tls_certificate": inputs["certificateId"]}, resource_id)
        return _state(self._fastly.json_api("PATCH", f"/tls/activations/{part(resource_id)}", document)["data"])

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            self._fastly.json_api("DELETE", f"/tls/activations/{part(resource_id)}")
        except ApiError as error:
            if error.status != 404:
                raise


def _document(related: dict[str, str], activation_id: str | None = None) -> dict[str, Any]:
    relationships = {name: {"data": {"type": name, "id": id_}} for name, id_ in related.items()}
    data: dict[str, Any] = {"type": "tls_activation", "relationships": relationships}
    return {"data": data if activation_id is None else {**data, "id": activation_id}}


def _state(data: dict[str, Any]) -> State:
    related = {name: found["data"]["id"] for name, found in data["relationships"].items()}
    inputs: Properties = {
        "certificateId": related["tls_certificate"],
        "domain": related["tls_domain"],
        "configurationId": related["tls_configuration"],
    }
    computed: Properties = {"configurationId": inputs["configurationId"], "createdAt": data["attributes"]["created_at"]}
    return State(data["id"], inputs, computed)
