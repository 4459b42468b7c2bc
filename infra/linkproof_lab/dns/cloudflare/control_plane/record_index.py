"""Records by id, and by zone and name, in memory, so that a question about one name does not read them all."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]


class RecordIndex:
    """Follows what the store holds; the records' owner keeps it so."""

    def __init__(self) -> None:
        self._by_id: dict[str, Record] = {}
        self._by_zone: dict[str, dict[str, Record]] = {}
        self._by_name: dict[tuple[str, str], dict[str, Record]] = {}

    def add(self, record: Record) -> None:
        self._by_id[record["id"]] = record
        self._by_zone.setdefault(record["zone_id"], {})[record["id"]] = record
        self._by_name.setdefault((record["zone_id"], record["name"]), {})[record["id"]] = record

    def remove(self, record: Record) -> None:
        self._by_id.pop(record["id"], None)
        self._by_zone.get(record["zone_id"], {}).pop(record["id"], None)
        key = (record["zone_id"], record["name"])
        self._by_name.get(key, {}).pop(record["id"], None)
        if not self._by_name.get(key):
            self._by_name.pop(key, None)

    def get(self, record_id: str) -> Record | None:
        return self._by_id.get(record_id)

    def at(self, zone_id: str, name: str) -> list[Record]:
        return list(self._by_name.get((zone_id, name), {}).values())

    def of_zone(self, zone_id: str) -> list[Record]:
        return list(self._by_zone.get(zone_id, {}).values())

    def every(self) -> list[Record]:
        return list(self._by_id.values())
