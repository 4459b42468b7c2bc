"""The record sets of hosted zones, in memory and in order; the store holds them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Any

from linkproof_lab.apis.follow import addresses
from linkproof_lab.dns.route53.control_plane.names import order_key, plain_name
from linkproof_lab.store import RRsetVersion, Store, Zone

KIND = "route53-rrset"
_ALIAS_TTL_SECONDS = 60
Key = tuple[str, str]
RecordSet = dict[str, Any]


class ZoneRecordSets:
    """One hosted zone.

    A set is `{"values": [...], "ttl": n}` as the caller wrote it, or `{"alias": {...}}`, and `data` as DNS serves it.
    """

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.sets: dict[Key, RecordSet] = {}
        self._order: list[tuple[tuple[str, ...], str, str]] = []
        self._types: dict[str, set[str]] = {}
        servers = [f"{name.rstrip('.')}." for name, _ in zone.servers]
        soa = zone.soa
        timers = f"1 {soa['refresh']} {soa['retry']} {soa['expire']} {soa['minimum']}"
        primary = servers[0] if servers else f"ns.{zone.name}."
        self.add((zone.name, "NS"), {"values": servers, "ttl": 172800})
        self.add(
            (zone.name, "SOA"), {"values": [f"{primary} awsdns-hostmaster.amazon.com. {timers}"], "ttl": soa["ttl"]}
        )

    def add(self, key: Key, record_set: RecordSet) -> None:
        if key not in self.sets:
            insort(self._order, (order_key(key[0]), key[1], key[0]))
            self._types.setdefault(key[0], set()).add(key[1])
        self.sets[key] = record_set

    def remove(self, key: Key) -> None:
        if self.sets.pop(key, None) is not None:
            del self._order[bisect_left(self._order, (order_key(key[0]), key[1], key[0]))]
            self._types[key[0]].discard(key[1])

    def types_at(self, name: str) -> frozenset[str]:
        return frozenset(self._types.get(name, ()))

    def page(self, start_name: str, start_type: str, count: int) -> Iterator[tuple[Key, RecordSet]]:
        """At most `count` sets from a name and type on; empty starts at the beginning."""
        start = bisect_left(self._order, (order_key(start_name), start_type)) if start_name else 0
        for _, rtype, name in self._order[start : start + count]:
            yield (name, rtype), self.sets[name, rtype]


class RecordSets:
    """All hosted zones, kept equal to the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._newest = 0
        self._zones: dict[str, ZoneRecordSets] = {}
        self._owned: set[tuple[str, Key]] = set()
        self._aliases: set[tuple[str, Key]] = set()
        self._load_documents()

    def _load_documents(self) -> None:
        publish: dict[str, list[tuple[str, str, int, tuple[str, ...]]]] = {}
        for path, record_set in self._store.all(KIND):
            zone_id, name, rtype = path.split("/")
            sets = self.zone(zone_id)
            if sets is None:
                continue
            sets.add((name, rtype), record_set)
            self._note(zone_id, (name, rtype), record_set)
            publish.setdefault(zone_id, []).append(self._served((name, rtype), record_set))
        # A process that died between the document and DNS left DNS behind.
        for zone_id, changes in publish.items():
            self._store.set_rrsets(zone_id, changes)

    def zone(self, zone_id: str) -> ZoneRecordSets | None:
        """The hosted zone with this id, up to date, or None."""
        found = self._zones.get(zone_id)
        if found is None:
            zone = self._store.zone(zone_id)
            if zone is None or zone.host != "route53":
                return None
            found = self._zones[zone_id] = ZoneRecordSets(zone)
            for version in self._store.current(zone_id):
                self._seen(version)
        return found

    def refresh(self) -> None:
        """Take in what others published in these zones since."""
        for version in self._store.versions_after(self._newest):
            self._newest = version.n
            self._seen(version)

    def _seen(self, version: RRsetVersion) -> None:
        sets, key = self._zones.get(version.zone_id), (version.name, version.type)
        if sets is None or (version.zone_id, key) in self._owned or version.type == "SOA":
            return
        if version.data:
            sets.add(key, {"values": list(version.data), "ttl": version.ttl})
        elif version.type != "NS" or version.name != sets.zone.name:
            sets.remove(key)

    def apply(self, zone_id: str, changes: dict[Key, RecordSet | None]) -> None:
        """Store and publish a batch as one serial; None removes."""
        sets = self._zones[zone_id]
        for key, record_set in changes.items():
            if record_set is not None:
                self._store.put(KIND, "/".join((zone_id, *key)), record_set)
                sets.add(key, record_set)
            else:
                sets.remove(key)
            self._note(zone_id, key, record_set)
        self._store.set_rrsets(zone_id, [self._served(key, record_set) for key, record_set in changes.items()])
        for key, record_set in changes.items():
            if record_set is None:
                self._store.delete(KIND, "/".join((zone_id, *key)))

    def _note(self, zone_id: str, key: Key, record_set: RecordSet | None) -> None:
        self._owned.discard((zone_id, key))
        self._aliases.discard((zone_id, key))
        if record_set is not None:
            self._owned.add((zone_id, key))
            if "alias" in record_set:
                self._aliases.add((zone_id, key))

    def _served(self, key: Key, record_set: RecordSet | None) -> tuple[str, str, int, tuple[str, ...]]:
        name, rtype = key
        if record_set is None:
            return name, rtype, 0, ()
        if "alias" in record_set:
            target = addresses(self._store, plain_name(record_set["alias"]["DNSName"]), rtype)
            return name, rtype, _ALIAS_TTL_SECONDS, target.data if target else ()
        return name, rtype, record_set["ttl"], tuple(record_set["data"])

    def answer_aliases_anew(self) -> None:
        """Follow the targets of alias records; a set that is unchanged makes no new version."""
        for zone_id, key in self._aliases:
            self._store.set_rrsets(zone_id, [self._served(key, self._zones[zone_id].sets[key])])
