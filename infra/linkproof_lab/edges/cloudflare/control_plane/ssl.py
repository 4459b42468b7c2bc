"""A zone's SSL: its Universal certificate and its zone-wide settings."""

from __future__ import annotations

import hashlib
from typing import Any

from linkproof_lab.store import Store, Zone
from linkproof_lab.vendors.cloudflare.control_plane.contract import ZoneCall
from linkproof_lab.vendors.cloudflare.control_plane.envelope import Answer, CloudflareError, ok, paged

# What a zone has before anyone changes it, and the values that each setting takes.
ZONE_SETTINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ssl": ("flexible", ("off", "flexible", "full", "strict", "origin_pull")),
    "browser_check": ("on", ("on", "off")),
    "email_obfuscation": ("on", ("on", "off")),
    "always_use_https": ("off", ("on", "off")),
    "automatic_https_rewrites": ("off", ("on", "off")),
    "min_tls_version": ("1.0", ("1.0", "1.1", "1.2", "1.3")),
}


def zone_setting(store: Store, zone_id: str, setting: str) -> str:
    """The value of a zone-wide setting of `ZONE_SETTINGS`."""
    doc = store.get("cloudflare-zone-setting", f"{zone_id}/{setting}")
    return str(doc["value"]) if doc else ZONE_SETTINGS[setting][0]


class Ssl:
    """`ssl/…` and `settings/…` of a zone."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, call: ZoneCall) -> Answer:
        zone, path, query, body = call.zone, list(call.path), call.query, call.body
        scope = "SSL and Certificates" if path[0] == "ssl" else "Zone Settings"
        call.require(f"{scope}:{'Read' if call.reads else 'Edit'}")
        match call.method, path:
            case "GET", ["ssl", "certificate_packs"]:
                packs = [self._universal_pack(zone)] if self._universal(zone)["enabled"] else []
                if query.get("status", "all") not in ("all", "active"):
                    packs = []
                chosen, info = paged(packs, query, 20, 50)
                return ok(chosen, info)
            case "GET", ["ssl", "universal", "settings"]:
                return ok(self._universal(zone))
            case "PATCH", ["ssl", "universal", "settings"]:
                self._store.put("cloudflare-universal-ssl", zone.id, {**self._universal(zone), **body})
                return ok(self._universal(zone))
            case "GET", ["settings", setting] if setting in ZONE_SETTINGS:
                return ok(self._setting(zone, setting))
            case "PATCH", ["settings", setting] if setting in ZONE_SETTINGS:
                if body.get("value") not in ZONE_SETTINGS[setting][1]:
                    raise CloudflareError(400, 1007, f"Invalid value for zone setting {setting}")
                self._store.put("cloudflare-zone-setting", f"{zone.id}/{setting}", {"value": body["value"]})
                return ok(self._setting(zone, setting))
        raise CloudflareError(404, 7003, f"Could not route to /zones/{zone.id}/{'/'.join(path)}")

    def _universal(self, zone: Zone) -> dict[str, Any]:
        return self._store.get("cloudflare-universal-ssl", zone.id) or {
            "enabled": True,
            "certificate_authority": "google",
        }

    def _setting(self, zone: Zone, setting: str) -> dict[str, Any]:
        value = zone_setting(self._store, zone.id, setting)
        return {"id": setting, "value": value, "modified_on": None, "editable": True}

    @staticmethod
    def _universal_pack(zone: Zone) -> dict[str, Any]:
        # Universal SSL covers the apex and one level below it (developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations)
        hosts = [zone.name, f"*.{zone.name}"]
        pack_id = hashlib.md5(f"pack/{zone.id}".encode()).hexdigest()
        certificate = {
            "id": hashlib.md5(f"certificate/{zone.id}".encode()).hexdigest(),
            "hosts": hosts,
            "issuer": "LinkproofLab",
            "signature": "ECDSAWithSHA256",
            "status": "active",
            "bundle_method": "ubiquitous",
            "zone_id": zone.id,
            "priority": None,
        }
        return {
            "id": pack_id,
            "type": "universal",
            "hosts": hosts,
            "primary_certificate": certificate["id"],
            "status": "active",
            "certificates": [certificate],
            "created_on": "2026-01-01T00:00:00.000000Z",
            "validity_days": 90,
            "validation_method": "txt",
            "certificate_authority": "google",
        }
