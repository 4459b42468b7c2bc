"""Until when a resolver may lead people to an edge that the click host has left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from infra.engine.state import State, record_ttl_seconds

# What Cloudflare serves for its automatic TTL; a proxied record has no other.
_PROXIED_TTL_SECONDS = 300


def held_until(host: str, propagation_seconds: int, state: State, previous: dict[str, Any] | None) -> datetime | None:
    """When the last resolver has forgotten that the host was at its edge; None when it never was.

    Args:
        host: the click host.
        propagation_seconds: of its zone.
        state: knows when the click record last changed.
        previous: the last expectations.json, which knows the TTL before the change.
    """
    record = state.record(f"{host}/CNAME")
    if record is None or record.modified is None or record.modified == record.created:
        return None
    ttl = max(_served_ttls(host, record.modified, previous), default=None)
    if ttl is None:
        ttl = record_ttl_seconds(record)
    return datetime.fromisoformat(record.modified) + timedelta(seconds=ttl + propagation_seconds)


def _served_ttls(host: str, modified: str, previous: dict[str, Any] | None) -> Iterator[int]:
    """The TTLs of what was served before the last change.

    A document that was written after that change has the value before it under `previous`. An older one (nobody ran
    `linkproof expectations` since) has it as its record.
    """
    records = {r["id"]: r for r in (previous or {}).get("records", []) if r.get("name") == f"{host}."}
    for record in records.values():
        if record.get("changed_at") != modified:
            yield record.get("ttl_seconds") or _PROXIED_TTL_SECONDS
    for entry in (previous or {}).get("previous", []):
        if entry["record"] in records and not entry.get("absent"):
            yield entry["ttl_seconds"]
