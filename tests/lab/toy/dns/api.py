"""`/zones/<zone id>/records`: one record set for each name and type. Zones exist already."""

from __future__ import annotations

import json
from typing import Any

from linkproof_lab.apis.contract import ApiAnswer, ApiRequest
from linkproof_lab.nameservers.check import InvalidDocumentError, rrset_changes
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import RRsetVersion, Store, Zone


def api(settings: LabSettings, store: Store, parts: tuple[()]) -> ToyDnsApi:
    return ToyDnsApi(store)


class ToyDnsApi:
    """A record's id is `<name>/<type>`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, request: ApiRequest) -> ApiAnswer:
        if not request.headers.get("authorization", "").removeprefix("Bearer ").strip():
            return _error(401, "unauthorized", "give a token")
        match request.path.strip("/").split("/"):
            case ["zones"] if request.method == "GET":
                return _json(200, {"zones": [{"id": zone.id, "name": zone.name} for zone in self._store.zones("toy")]})
            case ["zones", zone_id, "records", *rest]:
                zone = self._store.zone(zone_id)
                if zone is None or zone.host != "toy":
                    return _error(404, "no-such-zone", f"there is no zone {zone_id}")
                return self._records(request, zone, rest)
        return _error(404, "no-route", f"{request.method} {request.path}")

    def _records(self, request: ApiRequest, zone: Zone, rest: list[str]) -> ApiAnswer:
        match request.method, rest:
            case "GET", []:
                return _json(200, {"records": [_view(found) for found in self._store.current(zone.id)]})
            case "POST", []:
                body = json.loads(request.body)
                name, rtype = str(body["name"]).lower().rstrip("."), str(body["type"])
                if self._store.rrset(zone.id, name, rtype):
                    return _error(409, "exists", f"{name} {rtype} exists already")
                return self._set(zone, name, rtype, body)
            case _, [name, rtype]:
                found = self._store.rrset(zone.id, name, rtype)
                if found is None:
                    return _error(404, "no-such-record", f"there is no {name} {rtype}")
                match request.method:
                    case "GET":
                        return _json(200, _view(found))
                    case "PUT":
                        return self._set(zone, name, rtype, json.loads(request.body))
                    case "DELETE":
                        self._store.set_rrsets(zone.id, [(name, rtype, found.ttl, ())])
                        return ApiAnswer(204)
        return _error(404, "no-route", f"{request.method} {request.path}")

    def _set(self, zone: Zone, name: str, rtype: str, body: dict[str, Any]) -> ApiAnswer:
        wanted = {"name": name, "type": rtype, "ttl": body["ttl"], "data": body["values"]}
        try:
            changes = rrset_changes(zone, self._store.current(zone.id), {"rrsets": [wanted]})
        except InvalidDocumentError as error:
            return _error(400, "invalid", error.problem)
        self._store.set_rrsets(zone.id, changes)
        made = self._store.rrset(zone.id, name, rtype)
        return _json(200, _view(made)) if made else _error(400, "invalid", "values are required")


def _view(found: RRsetVersion) -> dict[str, Any]:
    return {
        "id": f"{found.name}/{found.type}",
        "name": found.name,
        "type": found.type,
        "ttl": found.ttl,
        "values": list(found.data),
    }


def _json(status: int, document: dict[str, Any]) -> ApiAnswer:
    return ApiAnswer(status, json.dumps(document).encode(), {"Content-Type": "application/json"})


def _error(status: int, code: str, message: str) -> ApiAnswer:
    return _json(status, {"code": code, "message": message})
