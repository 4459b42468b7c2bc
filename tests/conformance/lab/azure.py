"""Azure: the profile of a plan, through the lab's own API, and a domain that is validated."""

from __future__ import annotations

import re
from typing import Any

from linkproof.edges.azure import items
from linkproof.plan.model import Plan
from linkproof_lab import ca
from linkproof_lab.edges.azure.control_plane.profiles import KIND, Profiles
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.azure.control_plane.contract import AzureCall

from tests.conformance.conftest import HOST

_ROOT = "/subscriptions/one/resourceGroups/edge"
_SETTINGS = {"sampleSize": 4, "successfulSamplesRequired": 3, "additionalLatencyInMilliseconds": 50}


def deploy(plan: Plan, settings: LabSettings, store: Store) -> None:
    profiles = Profiles(store)

    def put(path: str, outside: dict[str, Any] | None = None, **properties: Any) -> str:
        body = {**(outside or {}), "properties": properties}
        made = profiles.answer(AzureCall("PUT", _ROOT, "edge", ["profiles", *path.split("/")], {}, body))
        return str(made["id"])

    def of(kind: type) -> list[Any]:
        return [item for item in plan.items if isinstance(item, kind)]

    (profile,) = of(items.Profile)
    put(
        "one",
        {"location": "Global", "sku": {"name": profile.sku}},
        originResponseTimeoutSeconds=profile.timeout_seconds,
    )
    put("one/afdEndpoints/one", {"location": "Global"})
    groups = {
        one.resource: put(f"one/originGroups/{_name(one)}", loadBalancingSettings=_SETTINGS)
        for one in of(items.OriginGroup)
    }
    for one in of(items.Origin):
        put(
            f"one/originGroups/{_name(one)}/origins/one",
            hostName=one.origin,
            originHostHeader=one.host_header or None,
            enforceCertificateNameCheck=one.checks_name,
        )
    rule_sets = {one.resource: put("one/ruleSets/one") for one in of(items.RuleSet)}
    for one in of(items.Rule):
        deleted = [{"headerAction": "Delete", "headerName": header} for header in one.removed_headers]
        actions = [{"name": "ModifyRequestHeader", "parameters": parameters} for parameters in deleted]
        put("one/ruleSets/one/rules/one", order=1, actions=actions)
    domains = {
        one.host: _validated(put("one/customDomains/one", hostName=one.host), settings, store)
        for one in of(items.Domain)
    }
    for one in of(items.Route):
        put(
            f"one/afdEndpoints/one/routes/{_name(one)}",
            originGroup={"id": groups[one.origin_group]},
            customDomains=[{"id": domains[host]} for host in one.hosts],
            ruleSets=[{"id": rule_sets[one.rule_set]}] if one.rule_set else [],
            forwardingProtocol="HttpsOnly",
        )


def _name(item: items.AzureObject) -> str:
    return re.sub("[^a-z0-9]+", "-", item.resource)


def _validated(id_: str, settings: LabSettings, store: Store) -> str:
    issued = ca.issue(settings, [HOST], key="ec256")
    pem = {"cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem, "key_pem": issued.key_pem}
    doc = store.get(KIND, id_)
    assert doc is not None
    store.put(KIND, id_, {**doc, "pem": pem, "properties": {**doc["properties"], "domainValidationState": "Approved"}})
    return id_
