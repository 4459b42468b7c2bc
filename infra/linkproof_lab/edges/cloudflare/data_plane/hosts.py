"""Finds the proxied record for a host, and the zone whose Universal certificate covers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from linkproof_lab.store import Store
from linkproof_lab.web.watch import Generation, Watched

# `{"answers": true}` under ONCE_PROXIED: the edge goes on answering for a host whose record is proxied no longer. Cloudflare's
# documents do not say whether its edges do, so the lab plays both; by itself it does not.
LEFT_KIND, ONCE_PROXIED = "cloudflare-left", "once-proxied"

ProxiedHosts = Callable[[Store], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class ProxiedHost:
    """One proxied record with the settings that hold for its host.

    Args:
        target: name or address of the origin.
        ssl: `off`, `flexible`, `full`, `strict` or `origin_pull`.
        caches: whether the cache is in use for it.
        checks_browser: Browser Integrity Check.
        hides_addresses: Email Address Obfuscation.
        headers: what its transform rules set: name, and value or the one expression that the lab knows, `http.host`.
    """

    host: str
    target: str
    ssl: str
    caches: bool
    checks_browser: bool
    hides_addresses: bool
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Index:
    by_host: dict[str, list[ProxiedHost]]
    zones: frozenset[str]


class Hosts:
    """The proxied hosts of now."""

    def __init__(self, store: Store, generation: Generation, proxied_hosts: ProxiedHosts) -> None:
        self._index = Watched(generation, lambda: self._read(store, proxied_hosts))
        self._left: dict[str, list[ProxiedHost]] = {}

    def _read(self, store: Store, proxied_hosts: ProxiedHosts) -> _Index:
        now = _read(store, proxied_hosts)
        self._left.update(now.by_host)
        answers = (store.get(LEFT_KIND, ONCE_PROXIED) or {}).get("answers")
        return _Index({**self._left, **now.by_host}, now.zones) if answers else now

    def find(self, host: str) -> ProxiedHost | None:
        """By exact name, else by the nearest wildcard record above it (RFC 4592 allows any depth)."""
        by_host = self._index.get().by_host
        name, wildcard = host, host
        while name:
            found = by_host.get(wildcard)
            if found:
                return found[0]
            name = name.partition(".")[2]
            wildcard = f"*.{name}"
        return None

    def certified_zone(self, host: str) -> str | None:
        """The zone whose Universal certificate (apex and one label) covers the host.

        Cloudflare docs, "Universal SSL limitations": deeper hosts of a full zone are not covered.
        """
        zones = self._index.get().zones
        return next((zone for zone in (host, host.partition(".")[2]) if zone in zones), None)


def _read(store: Store, proxied_hosts: ProxiedHosts) -> _Index:
    by_host: dict[str, list[ProxiedHost]] = {}
    # A zone has its certificate once it is active, before its first record is proxied.
    switched_off = {zone_id for zone_id, doc in store.all("cloudflare-universal-ssl") if not doc.get("enabled", True)}
    zones = frozenset(zone.name for zone in store.zones("cloudflare") if zone.id not in switched_off)
    for entry in proxied_hosts(store):
        settings = entry["settings"]
        by_host.setdefault(entry["host"].lower(), []).append(
            ProxiedHost(
                host=entry["host"].lower(),
                target=entry["target"].removesuffix(".").lower(),
                ssl=settings["ssl"],
                caches=settings["cache"],
                checks_browser=settings["bic"],
                hides_addresses=settings["email_obfuscation"],
                headers=tuple(
                    (name, rule.get("value") or rule.get("expression", ""))
                    for name, rule in settings["headers"].items()
                    if rule.get("operation") == "set"
                ),
            )
        )
    return _Index(by_host, zones)
