"""The active zones by host: a zone's own name, and its aliases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linkproof_lab.edges.keycdn.control_plane.zones import ALIAS, ZONE, identity
from linkproof_lab.edges.keycdn.facts import DOMAIN, SUFFIX
from linkproof_lab.store import Store
from linkproof_lab.web.contexts import Identity
from linkproof_lab.web.watch import Generation, Watched


@dataclass(frozen=True, slots=True)
class Zone:
    """Args:
    settings: under the API's names.
    certificate: of the user's own; None where it has KeyCDN's.
    """

    settings: Mapping[str, Any]
    certificate: Identity | None

    def has(self, setting: str) -> bool:
        return bool(self.settings[setting] == "enabled")


class Hosts:
    """Of now."""

    def __init__(self, store: Store, generation: Generation) -> None:
        self._zones = Watched(generation, lambda: _read(store))

    def zone(self, host: str) -> Zone | None:
        return self._zones.get().get(host)


def _read(store: Store) -> dict[str, Zone]:
    by_id = {
        zone["id"]: Zone(zone, identity(zone) if zone["sslcert"] == "custom" else None)
        for _, zone in store.all(ZONE)
        if zone["status"] == "active"
    }
    own = {f"{zone.settings['name']}-{SUFFIX}.{DOMAIN}": zone for zone in by_id.values()}
    return own | {alias["name"]: by_id[alias["zone_id"]] for _, alias in store.all(ALIAS) if alias["zone_id"] in by_id}
