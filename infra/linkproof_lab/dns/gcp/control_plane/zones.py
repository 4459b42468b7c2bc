"""Managed zones, their record sets, and changes: the one way to write (docs.cloud.google.com/dns/docs/reference/rest/v1/changes).

A change is one piece: it is done as a whole, or refused as a whole. A deletion must be the record set as it stands.
"""

from __future__ import annotations

import itertools
from typing import Any

from linkproof_lab.nameservers.check import InvalidDocumentError, rrset_changes
from linkproof_lab.store import RRsetVersion, Store, Zone
from linkproof_lab.vendors.gcp.control_plane.contract import Document, GcpCall, GcpError, not_found

_HOST = "gcp"
_MOST_TTL_SECONDS = 2**31 - 1


class ManagedZones:
    """A managed zone's name is its id in the lab; every project has all of them."""

    API = "dns"

    def __init__(self, store: Store) -> None:
        self._store = store
        self._numbers = itertools.count(1)

    def answer(self, call: GcpCall) -> Document:
        match call.method, list(call.path):
            case "GET", ["managedZones"]:
                return {"managedZones": [_zone_view(zone) for zone in self._store.zones(_HOST)]}
            case method, ["managedZones", name, *rest]:
                zone = self._store.zone(name)
                if zone is None or zone.host != _HOST:
                    raise GcpError(
                        404, f"The 'parameters.managedZone' resource named '{name}' does not exist.", "notFound"
                    )
                return self._in_zone(method, zone, rest, call)
        raise not_found("/".join(call.path))

    def _in_zone(self, method: str, zone: Zone, rest: list[str], call: GcpCall) -> Document:
        match method, rest:
            case "GET", []:
                return _zone_view(zone)
            case "GET", ["rrsets"]:
                return {"rrsets": list(self._listed(zone, call.query))}
            case "POST", ["changes"]:
                return self._change(zone, call.body)
            case "GET", ["changes", number]:
                return {"id": number, "status": "done"}
        raise not_found("/".join(call.path))

    def _listed(self, zone: Zone, query: dict[str, str]) -> list[Document]:
        """`type` needs `name`."""
        if "type" in query and "name" not in query:
            raise GcpError(400, "Invalid value for 'parameters.type': it needs 'parameters.name'", "invalid")
        wanted = query.get("name", "").removesuffix(".").lower()
        return [
            _view(found)
            for found in self._store.current(zone.id)
            if (not wanted or found.name == wanted) and query.get("type", found.type) == found.type
        ]

    def _change(self, zone: Zone, body: Document) -> Document:
        deletions, additions = body.get("deletions") or [], body.get("additions") or []
        if not deletions and not additions:
            raise GcpError(400, "The change must have at least one addition or deletion.", "invalid")
        gone = set()
        for index, one in enumerate(deletions):
            held = self._held(zone, one)
            if held is None:
                raise GcpError(
                    404,
                    f"The 'entity.change.deletions[{index}]' resource named {_named(one)} does not exist.",
                    "notFound",
                )
            if (held.ttl, sorted(held.data)) != (one.get("ttl"), sorted(one.get("rrdatas") or ())):
                message = f"Precondition not met for 'entity.change.deletions[{index}]'"
                raise GcpError(412, message, "conditionNotMet")
            gone.add((held.name, held.type))
        wanted: dict[tuple[str, str], dict[str, Any]] = {
            key: {"name": key[0], "type": key[1], "ttl": 0, "data": []} for key in gone
        }
        for index, one in enumerate(additions):
            self._check(one, index)
            key = (str(one["name"]).removesuffix(".").lower(), str(one["type"]))
            if self._held(zone, one) is not None and key not in gone:
                message = f"The 'entity.change.additions[{index}]' resource named {_named(one)} already exists"
                raise GcpError(409, message, "alreadyExists")
            wanted[key] = {"name": key[0], "type": key[1], "ttl": one.get("ttl", 0), "data": one["rrdatas"]}
        try:
            changes = rrset_changes(zone, self._store.current(zone.id), {"rrsets": list(wanted.values())})
        except InvalidDocumentError as error:
            raise GcpError(400, f"Invalid value for 'entity.change.additions': {error.problem}", "invalid") from error
        self._store.set_rrsets(zone.id, changes)
        return {"kind": "dns#change", "id": str(next(self._numbers)), "status": "done", **body}

    def _held(self, zone: Zone, one: Document) -> RRsetVersion | None:
        return self._store.rrset(zone.id, str(one.get("name", "")).removesuffix(".").lower(), str(one.get("type")))

    def _check(self, one: Document, index: int) -> None:
        where = f"'entity.change.additions[{index}]"
        if not str(one.get("name", "")).endswith("."):
            raise GcpError(400, f"Invalid value for {where}.name': '{one.get('name')}'", "invalid")
        if not one.get("rrdatas"):
            raise GcpError(400, f"The {where}.rrdata' field is required", "required")
        if not isinstance(one.get("ttl", 0), int) or not 0 <= one.get("ttl", 0) <= _MOST_TTL_SECONDS:
            raise GcpError(400, f"Invalid value for {where}.ttl': '{one.get('ttl')}'", "invalid")


def _named(one: Document) -> str:
    return f"'{one.get('name')} ({one.get('type')})'"


def _zone_view(zone: Zone) -> Document:
    return {
        "kind": "dns#managedZone",
        "name": zone.id,
        "dnsName": f"{zone.name}.",
        "visibility": "public",
        "nameServers": [f"{name}." for name, _ in zone.servers],
    }


def _view(found: RRsetVersion) -> Document:
    return {
        "kind": "dns#resourceRecordSet",
        "name": f"{found.name}.",
        "type": found.type,
        "ttl": found.ttl,
        "rrdatas": list(found.data),
    }
