"""Zones: they exist already; the API lists and shows them."""

from __future__ import annotations

from typing import Any

from linkproof_lab.store import Zone
from linkproof_lab.vendors.cloudflare.control_plane.envelope import Answer, ok, paged

_ACCOUNT = {"id": "01a7362d577a6c3019a474fd6f485823", "name": "lab"}
# The lab keeps no history of zones: they exist as long as it does.
_CREATED = "2026-01-01T00:00:00.000000Z"


def list_zones(zones: list[Zone], query: dict[str, str]) -> Answer:
    """Those of these zones that `name` (plain, `equal:` or `contains:`) and `status` leave."""
    wanted = query.get("name")
    if wanted is not None:
        operator, _, value = wanted.rpartition(":")
        value = value.lower()
        zones = [z for z in zones if (value in z.name if operator == "contains" else value == z.name)]
    if query.get("status", "active") != "active" or query.get("account.id", _ACCOUNT["id"]) != _ACCOUNT["id"]:
        zones = []
    chosen, info = paged([zone_view(zone) for zone in zones], query, 20, 50)
    return ok(chosen, info)


def zone_view(zone: Zone) -> dict[str, Any]:
    """The zone as the API shows it."""
    return {
        "id": zone.id,
        "name": zone.name,
        "status": "active",
        "paused": False,
        "type": "full",
        "development_mode": 0,
        "name_servers": [name for name, _ in zone.servers],
        "original_name_servers": None,
        "original_registrar": None,
        "original_dnshost": None,
        "modified_on": _CREATED,
        "created_on": _CREATED,
        "activated_on": _CREATED,
        "meta": {
            "step": 2,
            "custom_certificate_quota": 0,
            "page_rule_quota": 3,
            "phishing_detected": False,
        },
        "owner": {"id": None, "type": "user", "email": None},
        "account": _ACCOUNT,
        "tenant": {"id": None, "name": None},
        "tenant_unit": {"id": None},
        "permissions": ["#dns_records:edit", "#dns_records:read", "#zone:read", "#ssl:edit", "#ssl:read"],
        "plan": {
            "id": "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
            "name": "Free Website",
            "price": 0,
            "currency": "USD",
            "frequency": "",
            "is_subscribed": False,
            "can_subscribe": False,
            "legacy_id": "free",
            "legacy_discount": False,
            "externally_managed": False,
        },
    }
