"""What the lab remembers: the vendors' objects and every version of every DNS record set. SQLite, one file."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (kind TEXT, key TEXT, doc TEXT NOT NULL, PRIMARY KEY (kind, key));
CREATE TABLE IF NOT EXISTS zones (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, host TEXT NOT NULL, serial INTEGER NOT NULL,
    soa TEXT NOT NULL, servers TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS versions (
    n INTEGER PRIMARY KEY AUTOINCREMENT, zone_id TEXT NOT NULL, serial INTEGER NOT NULL, at REAL NOT NULL,
    name TEXT NOT NULL, type TEXT NOT NULL, ttl INTEGER NOT NULL, data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS versions_by_set ON versions (zone_id, name, type, n);
"""


@dataclass(frozen=True, slots=True)
class Zone:
    """A DNS zone of the lab.

    Args:
        id: the DNS host's own id (`Z0EXAMPLE`, 32 hex digits, or the name for zones without an API).
        name: the apex, lower case, no trailing dot; empty for the root.
        host: who serves it: `root`, `tld`, `vendor`, or a DNS host by its name in the registry.
        serial: of the newest version.
        soa: `refresh`, `retry`, `expire`, `minimum` and `ttl`, in seconds.
        servers: name and IPv4 address of each authoritative server, in order.
    """

    id: str
    name: str
    host: str
    serial: int
    soa: dict[str, int]
    servers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RRsetVersion:
    """One record set as it became at one moment; no `data` means that it was removed.

    Args:
        n: grows by one with every change anywhere in the store.
        at: seconds since the epoch.
        name: lower case, no trailing dot.
        data: RDATA in presentation form (`sendgrid.net.`, `0 issue "amazon.com"`).
    """

    n: int
    zone_id: str
    serial: int
    at: float
    name: str
    type: str
    ttl: int
    data: tuple[str, ...]


DEFAULT_SOA = {"refresh": 900, "retry": 300, "expire": 604800, "minimum": 60, "ttl": 900}


class Store:
    """Documents by kind and key, zones, and versioned record sets. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # documents ---------------------------------------------------------------------------------
    def put(self, kind: str, key: str, doc: dict[str, Any]) -> None:
        with self._lock:
            self._db.execute(
                "INSERT INTO documents VALUES (?,?,?) ON CONFLICT (kind, key) DO UPDATE SET doc = excluded.doc",
                (kind, key, json.dumps(doc)),
            )

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        with self._lock:
            row = self._db.execute("SELECT doc FROM documents WHERE kind = ? AND key = ?", (kind, key)).fetchone()
        return json.loads(row[0]) if row else None

    def delete(self, kind: str, key: str) -> bool:
        with self._lock:
            return self._db.execute("DELETE FROM documents WHERE kind = ? AND key = ?", (kind, key)).rowcount > 0

    def all(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        """Every document of a kind, in the order of creation."""
        with self._lock:
            rows = self._db.execute("SELECT key, doc FROM documents WHERE kind = ? ORDER BY rowid", (kind,)).fetchall()
        return [(key, json.loads(doc)) for key, doc in rows]

    # zones -------------------------------------------------------------------------------------
    def ensure_zone(
        self,
        zone_id: str,
        name: str,
        host: str,
        servers: tuple[tuple[str, str], ...],
        soa: dict[str, int] | None = None,
    ) -> None:
        """Create the zone, or bring its host, servers and SOA up to date; its records stay."""
        with self._lock:
            self._db.execute(
                "INSERT INTO zones VALUES (?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET"
                " name = excluded.name, host = excluded.host, soa = excluded.soa, servers = excluded.servers",
                (
                    zone_id,
                    name,
                    host,
                    self._first_serial(zone_id),
                    json.dumps({**DEFAULT_SOA, **(soa or {})}),
                    json.dumps(servers),
                ),
            )

    def remove_zone(self, zone_id: str) -> None:
        """Take the zone out, and its records with it."""
        with self._lock:
            self.set_rrsets(zone_id, [(one.name, one.type, one.ttl, ()) for one in self.current(zone_id)])
            self._db.execute("DELETE FROM zones WHERE id = ?", (zone_id,))

    def _first_serial(self, zone_id: str) -> int:
        """One, or what follows the last serial of a zone of that id that was removed: a serial never goes back."""
        row = self._db.execute("SELECT MAX(serial) FROM versions WHERE zone_id = ?", (zone_id,)).fetchone()
        return int(row[0] or 0) + 1

    def zone(self, zone_id: str) -> Zone | None:
        with self._lock:
            row = self._db.execute("SELECT * FROM zones WHERE id = ?", (zone_id,)).fetchone()
        return _zone(row) if row else None

    def zones(self, host: str | None = None) -> list[Zone]:
        with self._lock:
            rows = self._db.execute("SELECT * FROM zones ORDER BY rowid").fetchall()
        return [zone for zone in map(_zone, rows) if host in (None, zone.host)]

    # record sets -------------------------------------------------------------------------------
    def set_rrsets(self, zone_id: str, changes: list[tuple[str, str, int, tuple[str, ...]]]) -> None:
        """Publish record sets (name, type, ttl, data) as one new serial; no data removes the set.

        A set that is already served so makes no new version.
        """
        with self._lock:
            fresh = []
            for name, rtype, ttl, data in changes:
                old = self.rrset(zone_id, name, rtype)
                if (old is None and data) or (old is not None and (old.ttl, old.data) != (ttl, data)):
                    fresh.append((name, rtype, ttl, data))
            if not fresh:
                return
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("UPDATE zones SET serial = serial + 1 WHERE id = ?", (zone_id,))
            (serial,) = self._db.execute("SELECT serial FROM zones WHERE id = ?", (zone_id,)).fetchone()
            now = time.time()
            self._db.executemany(
                "INSERT INTO versions (zone_id, serial, at, name, type, ttl, data) VALUES (?,?,?,?,?,?,?)",
                [(zone_id, serial, now, name, rtype, ttl, json.dumps(data)) for name, rtype, ttl, data in fresh],
            )
            self._db.execute("COMMIT")

    def rrset(self, zone_id: str, name: str, rtype: str) -> RRsetVersion | None:
        """The newest version of one record set, unless it was removed or never there."""
        with self._lock:
            row = self._db.execute(
                "SELECT * FROM versions WHERE zone_id = ? AND name = ? AND type = ? ORDER BY n DESC LIMIT 1",
                (zone_id, name, rtype),
            ).fetchone()
        version = _version(row) if row else None
        return version if version and version.data else None

    def versions_after(self, n: int) -> Iterator[RRsetVersion]:
        """Every change after number `n`, oldest first: what a server reads to follow the store."""
        with self._lock:
            rows = self._db.execute("SELECT * FROM versions WHERE n > ? ORDER BY n", (n,)).fetchall()
        return map(_version, rows)

    def current(self, zone_id: str) -> list[RRsetVersion]:
        """The newest, not removed version of each record set of a zone."""
        with self._lock:
            rows = self._db.execute(
                "SELECT * FROM versions WHERE n IN (SELECT MAX(n) FROM versions WHERE zone_id = ? GROUP BY name, type) ORDER BY n",
                (zone_id,),
            ).fetchall()
        return [version for version in map(_version, rows) if version.data]


def _zone(row: tuple[Any, ...]) -> Zone:
    zone_id, name, host, serial, soa, servers = row
    return Zone(zone_id, name, host, serial, json.loads(soa), tuple((n, a) for n, a in json.loads(servers)))


def _version(row: tuple[Any, ...]) -> RRsetVersion:
    n, zone_id, serial, at, name, rtype, ttl, data = row
    return RRsetVersion(n, zone_id, serial, at, name, rtype, ttl, tuple(json.loads(data)))
