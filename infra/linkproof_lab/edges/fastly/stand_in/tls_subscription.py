"""fastly:index/tlsSubscription:TlsSubscription."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkproof.providers.protocol.base import ApiError, Patience, ResourceType, State
from linkproof.providers.protocol.schema import FLAG, TEXT, TEXT_SET, Change, choice, obj, problems, replacing, required
from linkproof.providers.protocol.values import Properties

from linkproof_lab.edges.fastly.stand_in.client import FastlyClient, part

_LEFT_TO_FASTLY = ("commonName", "configurationId")


class TlsSubscription(ResourceType):
    """A subscription. Another authority replaces it; it is deleted by force alone once TLS is on for its hosts."""

    token = "fastly:index/tlsSubscription:TlsSubscription"  # noqa: S105
    schema = obj(
        {
            "certificateAuthority": required(replacing(choice("lets-encrypt", "globalsign", "certainly"))),
            "domains": required(TEXT_SET),
            "commonName": TEXT,
            "configurationId": TEXT,
            "forceDestroy": FLAG.but(default=False),
            "forceUpdate": FLAG.but(default=False),
        }
    )
    computed = (
        "certificateId",
        "commonName",
        "configurationId",
        "createdAt",
        "managedDnsChallenge",
        "managedDnsChallenges",
        "managedHttpChallenges",
        "state",
        "updatedAt",
    )
    volatile = (
        "certificateId",
        "managedDnsChallenge",
        "managedDnsChallenges",
        "managedHttpChallenges",
        "state",
        "updatedAt",
    )
    local = ("forceDestroy", "forceUpdate")

    def __init__(self, fastly: FastlyClient) -> None:
        self._fastly = fastly

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        """The provider itself refuses upper case, which the API would change without a word."""
        yield from problems(self.schema, inputs)
        domains = inputs.get("domains")
        for domain in domains if isinstance(domains, list) else ():
            if isinstance(domain, str) and domain != domain.lower():
                yield "domains", f"tls subscription 'domains' must not contain uppercase letters: {domain}"

    def inputs_as_read(self, held: Properties, old_inputs: Properties) -> Properties:
        """What a program may leave to Fastly is an input where it was one, and where the engine imports."""
        left = {name for name in _LEFT_TO_FASTLY if old_inputs and name not in old_inputs}
        return super().inputs_as_read({name: held[name] for name in held if name not in left}, old_inputs)

    def changes(self, old: Properties, new: Properties) -> Iterator[Change]:
        """What a program leaves to Fastly is no difference."""
        yield from super().changes(old, {**{name: old[name] for name in _LEFT_TO_FASTLY if name in old}, **new})

    def create(self, inputs: Properties, patience: Patience) -> State:
        made = self._fastly.json_api("POST", "/tls/subscriptions", _document(inputs))
        return self._read(made["data"]["id"], inputs)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        try:
            return self._read(resource_id, outputs)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        force = "?force=true" if inputs.get("forceUpdate") else ""
        changed = set(old_outputs.get("domains") or ()) != set(inputs["domains"])
        if changed:
            self._fastly.json_api(
                "PATCH", f"/tls/subscriptions/{part(resource_id)}{force}", _document(inputs, resource_id)
            )
        return self._read(resource_id, inputs)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        force = "?force=true" if outputs.get("forceDestroy") else ""
        try:
            self._fastly.json_api("DELETE", f"/tls/subscriptions/{part(resource_id)}{force}")
        except ApiError as error:
            if error.status != 404:
                raise

    def _read(self, subscription_id: str, known: Properties) -> State:
        found = self._fastly.json_api("GET", f"/tls/subscriptions/{part(subscription_id)}?include=tls_authorizations")
        data = found["data"]
        attributes, related = data["attributes"], data["relationships"]
        dns, http = _challenges(found.get("included") or [])
        configuration, common_name = related["tls_configuration"]["data"]["id"], related["common_name"]["data"]["id"]
        certificates = related["tls_certificates"]["data"]
        inputs: Properties = {
            "certificateAuthority": attributes["certificate_authority"],
            "domains": [one["id"] for one in related["tls_domains"]["data"]],
            **{name: known[name] for name in self.local if name in known},
            "configurationId": configuration,
            "commonName": common_name,
        }
        computed: Properties = {
            "certificateId": certificates[0]["id"] if certificates else "",
            "commonName": common_name,
            "configurationId": configuration,
            "createdAt": attributes["created_at"],
            "updatedAt": attributes["updated_at"],
            "state": attributes["state"],
            "managedDnsChallenge": {name: dns[0][name] for name in dns[0]} if dns else {},
            "managedDnsChallenges": dns,
            "managedHttpChallenges": http,
        }
        return State(data["id"], inputs, computed)


def _challenges(included: list[Mapping[str, Any]]) -> tuple[list[Properties], list[Properties]]:
    """Those of DNS, which the provider gives one value each, and the others with all of theirs."""
    dns: list[Properties] = []
    http: list[Properties] = []
    for one in included:
        for challenge in one["attributes"]["challenges"]:
            said = {"recordName": challenge["record_name"], "recordType": challenge["record_type"]}
            if challenge["type"] == "managed-dns":
                dns.append({**said, "recordValue": challenge["values"][0]})
            else:
                http.append({**said, "recordValues": challenge["values"]})
    return dns, http


def _document(inputs: Properties, subscription_id: str | None = None) -> dict[str, Any]:
    domains = [{"type": "tls_domain", "id": host} for host in inputs["domains"]]
    related: dict[str, Any] = {"tls_domain": {"data": domains}}
    if inputs.get("commonName"):
        related["common_name"] = {"data": {"type": "tls_domain", "id": inputs["commonName"]}}
    if inputs.get("configurationId"):
        related["tls_configuration"] = {"data": {"type": "tls_configuration", "id": inputs["configurationId"]}}
    data: dict[str, Any] = {"type": "tls_subscription", "relationships": related}
    if subscription_id is None:
        data["attributes"] = {"certificate_authority": inputs["certificateAuthority"]}
    else:
        data["id"] = subscription_id
    return {"data": data}
