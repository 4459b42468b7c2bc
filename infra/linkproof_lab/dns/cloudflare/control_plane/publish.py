"""From records to what DNS answers: proxied names with the edges' addresses, a CNAME flattened at the apex and where it says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from linkproof_lab.apis.follow import addresses
from linkproof_lab.dns.cloudflare.control_plane.record_index import RecordIndex
from linkproof_lab.dns.cloudflare.control_plane.record_rules import rdata
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_AUTOMATIC_TTL_SECONDS = 300
_Change = tuple[str, str, int, tuple[str, ...]]


class Publisher:
    """Keeps the zones' record sets equal to the records."""

    def __init__(self, settings: LabSettings, store: Store, index: RecordIndex) -> None:
        self._settings = settings
        self._store = store
        self._index = index
        self._apex: dict[str, str] = {}

    def served_types(self, record: dict[str, Any]) -> set[str]:
        """The DNS types that a record is answered with."""
        if record["proxied"]:
            return {"A"}
        return {"A", "AAAA"} if self._is_flattened(record) else {record["type"]}

    def publish(self, zone_id: str, name: str, types: Iterable[str]) -> None:
        self._store.set_rrsets(zone_id, [self._rrset(zone_id, name, rtype) for rtype in sorted(types)])

    def publish_change(self, record: dict[str, Any], before: list[tuple[str, str]]) -> None:
        """Take the old record sets out and the new ones in, as one serial."""
        keys = dict.fromkeys([*before, *((record["name"], rtype) for rtype in self.served_types(record))])
        self._store.set_rrsets(record["zone_id"], [self._rrset(record["zone_id"], *key) for key in keys])

    def publish_all(self) -> None:
        """After a start: serve what the records say, whatever the last process was doing when it ended."""
        keys: defaultdict[str, dict[tuple[str, str], None]] = defaultdict(dict)
        for record in self._index.every():
            for rtype in self.served_types(record):
                keys[record["zone_id"]][record["name"], rtype] = None
            for name, rtype in record.pop("previous", ()):
                keys[record["zone_id"]][name, rtype] = None
        for zone_id, wanted in keys.items():
            self._store.set_rrsets(zone_id, [self._rrset(zone_id, *key) for key in wanted])

    def flatten_anew(self) -> None:
        """Where an apex leads elsewhere, follow it; a set that is unchanged makes no new version."""
        for record in self._index.every():
            if self._is_flattened(record):
                self.publish(record["zone_id"], record["name"], ("A", "AAAA"))

    def _apex_of(self, zone_id: str) -> str:
        if zone_id not in self._apex:
            zone = self._store.zone(zone_id)
            self._apex[zone_id] = zone.name if zone else ""
        return self._apex[zone_id]

    def _is_flattened(self, record: dict[str, Any]) -> bool:
        at_apex = record["name"] == self._apex_of(record["zone_id"])
        flattened = at_apex or bool(record["settings"].get("flatten_cname"))
        return bool(record["type"] == "CNAME" and not record["proxied"] and flattened)

    def _rrset(self, zone_id: str, name: str, rtype: str) -> _Change:
        ttls: list[int] = []
        data: list[str] = []
        for record in self._index.at(zone_id, name):
            if rtype not in self.served_types(record):
                continue
            found = self._data(record, rtype)
            ttls.append(_AUTOMATIC_TTL_SECONDS if record["ttl"] == 1 else record["ttl"])
            data.extend(value for value in found if value not in data)
        return name, rtype, min(ttls, default=0), tuple(data)

    def _data(self, record: dict[str, Any], rtype: str) -> tuple[str, ...]:
        if record["proxied"]:
            return self._settings.edge_addresses("cloudflare")
        if self._is_flattened(record):
            target = addresses(self._store, record["content"], rtype)
            return target.data if target else ()
        return (rdata(record),)
