"""Plan → the stable facts of `expectations.json`: plain nested values, no secret and no time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linkproof import registry
from linkproof.contract.checks import CaaNeed, Endpoint
from linkproof.contract.declared import Zone
from linkproof.contract.items import Record
from linkproof.contract.values import Late, Value
from linkproof.plan.model import Plan
from linkproof.renewal import Renewal

LateValue = Callable[[Late], Any]


def exported(plan: Plan, late: LateValue) -> dict[str, Any]:
    """The same for the stack's outputs, which everybody sees who sees a deployment: without canaries."""
    document = derive(plan, late)
    for endpoint in document["endpoints"]:
        endpoint.pop("canaries", None)
    return document


def derive(plan: Plan, late: LateValue) -> dict[str, Any]:
    """What must be true outside once this plan is deployed.

    Args:
        plan: what must exist.
        late: gives the value of a late-bound reference, a fully qualified name; None while it is not known.
            The program gives the engine's outputs, which may be unknown themselves.

    Returns:
        `version`, `zones`, `records`, `caa`, `endpoints` and `pending`; see `infra/linkproof/expectations/model.py`.
    """
    pending: list[dict[str, Any]] = [{"id": item.id, "reason": item.reason, "by_design": True} for item in plan.pending]
    records = []
    for record in plan.records:
        if record.alias is not None and record.type != "CNAME":
            continue  # the expectation of the name asks for the addresses of every declared family
        name, value = _value(record.name, late), _value(record.value, late)
        if name is None or value is None:
            pending.append({"id": record.id, "reason": f"{record.resource}: known only after deployment"})
        else:
            records.append(_record(record, name, value))
    endpoints = []
    for endpoint in plan.endpoints:
        connect = _value(endpoint.connect, late) if endpoint.connect is not None else None
        if endpoint.connect is not None and connect is None:
            pending.append({"id": endpoint.id, "reason": f"{endpoint.connect}: known only after deployment"})
        else:
            endpoints.append(_endpoint(endpoint, connect))
    return {
        "version": 1,
        "zones": [_zone(zone) for zone in plan.zones],
        "records": records,
        "caa": [_caa(need) for need in plan.caa],
        "endpoints": endpoints,
        "pending": pending,
    }


def _value(value: Value, late: LateValue) -> Any:
    return late(value) if isinstance(value, Late) else value


def _zone(zone: Zone) -> dict[str, Any]:
    return {
        "id": f"zone/{zone.name.text}",
        "path": zone.path,
        "name": f"{zone.name.text}.",
        "propagation_seconds": zone.propagation_seconds,
        "transfer_group": zone.transfer_group,
        "dnssec": zone.dnssec,
        **({"by_hand": True} if registry.dns(zone.dns).is_by_hand else {}),
    }


def _record(record: Record, name: Any, value: Any) -> dict[str, Any]:
    return {
        "id": record.id,
        "path": record.path,
        "name": f"{name}." if isinstance(name, str) and not name.endswith(".") else name,
        "type": record.type,
        "match": "exact",
        "values": [value],
        "ttl_seconds": record.ttl_seconds if record.served == "as-declared" else None,
        "ttl": "exact" if record.served == "as-declared" else "ignore",
        "served": record.served,
        "resolve": record.resolve,
        "families": list(record.families),
    }


def _endpoint(endpoint: Endpoint, connect: Any) -> dict[str, Any]:
    # what few links declare is left out for the others
    optional: dict[str, Any] = {}
    if endpoint.universal_links is not None:
        wanted = endpoint.universal_links
        optional["universal_links"] = {
            "apple": None if wanted.apple is None else list(wanted.apple),
            "android": None if wanted.android is None else list(wanted.android),
            "path": wanted.path,
        }
    if endpoint.standby:
        optional["standby"] = True
    if not endpoint.in_use:
        optional["in_use"] = False
    if endpoint.nonce is not None:
        optional["nonce"] = endpoint.nonce
    if endpoint.canaries:
        optional["canaries"] = [{"url": canary.url, "leads_to": canary.leads_to} for canary in endpoint.canaries]
    return {
        "id": endpoint.id,
        "path": endpoint.path,
        "host": endpoint.host,
        "connect": connect,
        "edge": endpoint.edge,
        "sender": endpoint.sender,
        "phase": endpoint.phase or "live",
        "http": endpoint.http,
        "https": endpoint.https,
        "families": list(endpoint.families),
        "tls": {"trust": "public", **_renewal(endpoint.renewal)},
        "hsts_parents": list(endpoint.hsts_parents),
        **optional,
    }


def _caa(need: CaaNeed) -> dict[str, Any]:
    return {"id": need.id, "path": need.path, "host": need.host, "cas": list(need.cas), "methods": list(need.methods)}


def _renewal(renewal: Renewal) -> dict[str, int]:
    said = {"min_days": renewal.min_days}
    if renewal.lifetime_share is not None:
        said["lifetime_share"] = renewal.lifetime_share
    if renewal.business_days:
        said["business_days"] = renewal.business_days
    return said
