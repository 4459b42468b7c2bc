"""DNS zones and their record sets (learn.microsoft.com/rest/api/dns). A zone's id in the lab is `group/name`; every subscription has all of them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from linkproof.names import with_dot

from linkproof_lab.dns.azure.control_plane.record_sets import MEMBERS, data_of, members_of
from linkproof_lab.nameservers.check import InvalidDocumentError, rrset_changes
from linkproof_lab.store import RRsetVersion, Store, Zone
from linkproof_lab.vendors.azure.control_plane.contract import AzureCall, AzureError, Document, not_found

_HOST = "azure"
_METADATA = "azure-dns-metadata"
_MOST_TTL_SECONDS = 2**31 - 1


class DnsZones:
    """`…/providers/Microsoft.Network/dnsZones/<zone>/<type>/<relative name>`."""

    NAMESPACE = "Microsoft.Network"

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, call: AzureCall) -> Document:
        if not call.path or call.path[0].lower() != "dnszones":
            raise not_found("/".join(call.path))
        match call.method, list(call.path[1:]):
            case "GET", []:
                zones = [zone for zone in self._store.zones(_HOST) if call.group in ("", _group(zone))]
                return {"value": [self._zone_view(zone, call) for zone in zones]}
            case "GET", [name]:
                return self._zone_view(self._zone(call, name), call)
            case "GET", [name, rtype] if rtype in MEMBERS:
                zone = self._zone(call, name)
                held = [one for one in self._store.current(zone.id) if one.type == rtype]
                return {"value": [self._view(zone, one, call) for one in held]}
            case method, [name, rtype, relative] if rtype in MEMBERS:
                return self._of(method, self._zone(call, name), rtype, relative, call)
        raise not_found("/".join(call.path))

    def _zone(self, call: AzureCall, name: str) -> Zone:
        zone = self._store.zone(f"{call.group}/{name}")
        if zone is None or zone.host != _HOST:
            raise not_found(f"Microsoft.Network/dnsZones/{name}")
        return zone

    def _of(self, method: str, zone: Zone, rtype: str, relative: str, call: AzureCall) -> Document:
        name = zone.name if relative == "@" else f"{relative}.{zone.name}".lower()
        held = self._store.rrset(zone.id, name, rtype)
        match method:
            case "GET":
                if held is None:
                    raise not_found(f"{name} {rtype}")
                return self._view(zone, held, call)
            case "PUT" | "PATCH":
                _may(call, held, self._etag(zone, held))
                self._put(zone, name, rtype, call.body, held if method == "PATCH" else None)
                made = self._store.rrset(zone.id, name, rtype)
                if made is None:
                    raise AzureError(500, "InternalServerError", f"{name} is gone the moment after it was made")
                return self._view(zone, made, call)
            case "DELETE":
                _may(call, held, self._etag(zone, held))
                if held is not None:
                    self._write(zone, name, rtype, 0, [])
                return {}
        raise not_found(f"{name} {rtype}")

    def _put(self, zone: Zone, name: str, rtype: str, body: Document, held: RRsetVersion | None) -> None:
        given = {key.lower(): value for key, value in (body.get("properties") or {}).items()}
        ttl = given.get("ttl", held.ttl if held else None)
        if not isinstance(ttl, int | float) or not 1 <= ttl <= _MOST_TTL_SECONDS:
            raise AzureError(400, "BadRequest", f"The value '{ttl}' of TTL is not between 1 and {_MOST_TTL_SECONDS}.")
        wrong = [key for key in given if key.endswith(("record", "records")) and key != MEMBERS[rtype].lower()]
        if wrong:
            raise AzureError(400, "BadRequest", f"The record set of type {rtype} cannot have the property {wrong[0]}.")
        values = given.get(MEMBERS[rtype].lower())
        data = list(held.data) if values is None and held else data_of(rtype, values)
        if not data:
            raise AzureError(400, "BadRequest", f"The record set of type {rtype} has no records.")
        self._write(zone, name, rtype, int(ttl), data)
        kept = (self._store.get(_METADATA, f"{zone.id} {name} {rtype}") or {}) if held else {}
        self._store.put(_METADATA, f"{zone.id} {name} {rtype}", given.get("metadata") or kept)

    def _write(self, zone: Zone, name: str, rtype: str, ttl: int, data: list[str]) -> None:
        wanted = [{"name": name, "type": rtype, "ttl": ttl, "data": data}]
        try:
            changes = rrset_changes(zone, self._store.current(zone.id), {"rrsets": wanted})
        except InvalidDocumentError as error:
            raise AzureError(400, "BadRequest", error.problem) from error
        self._store.set_rrsets(zone.id, changes)

    def _etag(self, zone: Zone, held: RRsetVersion | None) -> str:
        """Of one state of a record set: it has it again when it is again what it was."""
        if held is None:
            return ""
        metadata = self._store.get(_METADATA, f"{zone.id} {held.name} {held.type}")
        said = json.dumps([held.ttl, sorted(held.data), metadata], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def _view(self, zone: Zone, held: RRsetVersion, call: AzureCall) -> Document:
        relative = "@" if held.name == zone.name else held.name.removesuffix(f".{zone.name}")
        properties: dict[str, Any] = {
            "fqdn": with_dot(held.name),
            "TTL": held.ttl,
            MEMBERS[held.type]: members_of(held.type, held.data),
            "targetResource": {},
            "provisioningState": "Succeeded",
        }
        metadata = self._store.get(_METADATA, f"{zone.id} {held.name} {held.type}")
        if metadata:
            properties["metadata"] = metadata
        return {
            "id": f"{_root(zone, call)}/{held.type}/{relative}",
            "name": relative,
            "type": f"Microsoft.Network/dnszones/{held.type}",
            "etag": self._etag(zone, held),
            "properties": properties,
        }

    def _zone_view(self, zone: Zone, call: AzureCall) -> Document:
        servers = [with_dot(name) for name, _ in zone.servers]
        return {
            "id": _root(zone, call),
            "name": zone.name,
            "type": "Microsoft.Network/dnszones",
            "location": "global",
            "properties": {"nameServers": servers, "zoneType": "Public", "maxNumberOfRecordSets": 10000},
        }


def _may(call: AzureCall, held: RRsetVersion | None, etag: str) -> None:
    """`If-None-Match: *` for what must not be there, `If-Match` for what must be as it was read."""
    wanted = call.headers.get("if-match")
    if (call.headers.get("if-none-match") == "*" and held is not None) or (wanted and wanted not in ("*", etag)):
        raise AzureError(412, "PreconditionFailed", "The condition of the request's header is not met.")


def _group(zone: Zone) -> str:
    return zone.id.partition("/")[0]


def _root(zone: Zone, call: AzureCall) -> str:
    subscription = "/".join(call.root.split("/")[:3])
    return f"{subscription}/resourceGroups/{_group(zone)}/providers/Microsoft.Network/dnszones/{zone.name}"
