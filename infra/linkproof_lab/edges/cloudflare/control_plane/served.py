"""What Cloudflare's edges serve now: each proxied host, where it leads, and the settings its rules give it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from linkproof_lab.edges.cloudflare.control_plane.expression import hosts_of
from linkproof_lab.edges.cloudflare.control_plane.ssl import zone_setting
from linkproof_lab.store import Store, Zone

_log = logging.getLogger(__name__)


def proxied_hosts(store: Store) -> list[dict[str, Any]]:
    """One entry per proxied record.

    Returns:
        `{"host", "zone_id", "zone", "target", "settings": {"ssl", "cache", "bic", "email_obfuscation", "headers"}}`; `target` is the
        content of the CNAME, or the origin's address for an A or AAAA record.
    """
    zones = {zone.id: zone for zone in store.zones("cloudflare")}
    configured = {zone_id: _ZoneRules(store, zone) for zone_id, zone in zones.items()}
    return [
        {
            "host": record["name"],
            "zone_id": record["zone_id"],
            "zone": zones[record["zone_id"]].name,
            "target": record["content"],
            "settings": configured[record["zone_id"]].settings(record["name"]),
        }
        for _, record in store.all("cloudflare-record")
        if record.get("proxied") and record["zone_id"] in zones
    ]


class _ZoneRules:
    def __init__(self, store: Store, zone: Zone) -> None:
        self._defaults = {
            "ssl": zone_setting(store, zone.id, "ssl"),
            "cache": True,
            "headers": {},
            "bic": zone_setting(store, zone.id, "browser_check") == "on",
            "email_obfuscation": zone_setting(store, zone.id, "email_obfuscation") == "on",
        }
        self._by_host: dict[str, dict[str, Any]] = {}
        for hosts, changes in _rules(store, zone):
            for host in hosts:
                # Rules run in order; where two set the same thing the later one wins.
                self._by_host.setdefault(host, {}).update(changes)

    def settings(self, host: str) -> dict[str, Any]:
        return {**self._defaults, **self._by_host.get(host, {})}


def _rules(store: Store, zone: Zone) -> Iterator[tuple[frozenset[str], dict[str, Any]]]:
    known = {
        ("http_config_settings", "set_config"): ("ssl", "bic", "email_obfuscation"),
        ("http_request_cache_settings", "set_cache_settings"): ("cache",),
        ("http_request_late_transform", "rewrite"): ("headers",),
    }
    for (phase, action), settings in known.items():
        ruleset = store.get("cloudflare-ruleset", f"{zone.id}/{phase}")
        for rule in (ruleset or {}).get("rules", ()):
            if not rule["enabled"] or rule["action"] != action:
                continue
            hosts = hosts_of(rule["expression"])
            if hosts is None:
                _log.warning("%s: rule %s matches nothing in the lab: %s", zone.name, rule["ref"], rule["expression"])
                continue
            parameters = rule.get("action_parameters") or {}
            yield hosts, {key: parameters[key] for key in settings if key in parameters}
