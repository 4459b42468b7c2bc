"""Follows the store: which zones each server has, and what each held when."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from linkproof_lab.nameservers.faults import DnsFault, read_faults
from linkproof_lab.nameservers.watch import ChangeWatch
from linkproof_lab.nameservers.zoneview import ZoneView, ancestors
from linkproof_lab.store import RRsetVersion, Store, Zone

_VIEWS_KEPT = 512


@dataclass(frozen=True, slots=True)
class AsOf:
    """Which state of a zone: as it was so many seconds ago, or as of a serial."""

    seconds_ago: float = 0.0
    serial: int | None = None


class Zones:
    """The store in memory. `refresh` before each answer; everything else is then consistent until the next one."""

    def __init__(self, store: Store, watch: ChangeWatch, clock: Callable[[], float]) -> None:
        self.faults: list[DnsFault] = []
        self._store = store
        self._watch = watch
        self._clock = clock
        self._newest = 0
        self._by_server: dict[str, dict[str, Zone]] = {}
        self._history: dict[str, list[RRsetVersion]] = defaultdict(list)
        self._delays: dict[str, float] = {}
        self._views: dict[tuple[str, AsOf], ZoneView] = {}

    def refresh(self) -> None:
        """Read what changed in the store since the last call."""
        if not self._watch.changed():
            return
        by_server: dict[str, dict[str, Zone]] = defaultdict(dict)
        for zone in self._store.zones():
            for _, address in zone.servers:
                by_server[address][zone.name] = zone
        self._by_server = by_server
        for version in self._store.versions_after(self._newest):
            self._history[version.zone_id].append(version)
            self._newest = version.n
        self._delays = {key: float(doc.get("seconds", 0)) for key, doc in self._store.all("propagation")}
        self.faults = read_faults(self._store)

    def serving(self, server: str, name: str) -> Zone | None:
        """The deepest zone of this server that the name is in."""
        zones = self._by_server.get(server, {})
        return next((zones[suffix] for suffix in ancestors(name) if suffix in zones), None)

    def delay_seconds(self, *addresses: str) -> float:
        """How late this server learns of changes: by its first address that has a setting, then `*`."""
        return next((self._delays[key] for key in (*addresses, "*") if key in self._delays), 0.0)

    def view(self, zone: Zone, as_of: AsOf) -> ZoneView:
        history = self._history.get(zone.id, [])
        if as_of.serial is not None:
            wanted = bisect_right(history, as_of.serial, key=lambda version: version.serial)
        elif as_of.seconds_ago > 0:
            wanted = bisect_right(history, self._clock() - as_of.seconds_ago, key=lambda version: version.at)
        else:
            wanted = len(history)
        view = self._views.get((zone.id, as_of))
        if view is None or view.applied > wanted:
            if len(self._views) >= _VIEWS_KEPT:
                self._views.clear()
            view = self._views[zone.id, as_of] = ZoneView(zone.name)
        for version in history[view.applied : wanted]:
            view.apply(version)
        return view
