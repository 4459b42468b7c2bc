"""`/edges`: POST makes one, GET shows or lists them, DELETE removes one. Whoever has the token may do anything with its own."""

from __future__ import annotations

import json
from typing import Any

from linkproof_lab.apis.contract import ApiAnswer, ApiRequest
from linkproof_lab.apis.idents import lower_id
from linkproof_lab.edges.toy.zones import DOMAIN
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

KIND = "toy-edge"
_TTL_SECONDS = 60


def api(settings: LabSettings, store: Store, parts: tuple[()]) -> ToyEdgeApi:
    return ToyEdgeApi(settings, store)


class ToyEdgeApi:
    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._addresses = settings.edge_addresses("toy")
        self._store = store

    def answer(self, request: ApiRequest) -> ApiAnswer:
        account = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not account:
            return _error(401, "unauthorized", "give a token")
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["edges"]:
                return self._make(account, json.loads(request.body))
            case "GET", ["edges"]:
                return _json(
                    200, {"edges": [_view(doc) for _, doc in self._store.all(KIND) if doc["account"] == account]}
                )
            case method, ["edges", edge_id]:
                doc = self._store.get(KIND, edge_id)
                if doc is None or doc["account"] != account:
                    return _error(404, "no-such-edge", f"there is no edge {edge_id}")
                if method == "GET":
                    return _json(200, _view(doc))
                if method == "DELETE":
                    return self._remove(doc)
        return _error(404, "no-route", f"{request.method} {request.path}")

    def _make(self, account: str, body: dict[str, Any]) -> ApiAnswer:
        host, origin = str(body.get("host", "")).lower().rstrip("."), str(body.get("origin", "")).lower().rstrip(".")
        if not host or not origin:
            return _error(400, "invalid", "host and origin are required")
        if any(doc["host"] == host for _, doc in self._store.all(KIND)):
            return _error(409, "exists", f"an edge for {host} exists already")
        edge_id = lower_id("toy", 10)
        doc = {"id": edge_id, "account": account, "host": host, "origin": origin, "domain_name": f"{edge_id}.{DOMAIN}"}
        self._store.put(KIND, edge_id, doc)
        self._store.set_rrsets(DOMAIN, [(doc["domain_name"], "A", _TTL_SECONDS, self._addresses)])
        return _json(201, _view(doc))

    def _remove(self, doc: dict[str, Any]) -> ApiAnswer:
        self._store.set_rrsets(DOMAIN, [(doc["domain_name"], "A", _TTL_SECONDS, ())])
        self._store.delete(KIND, doc["id"])
        return ApiAnswer(204)


def _view(doc: dict[str, Any]) -> dict[str, Any]:
    return {name: doc[name] for name in ("id", "host", "origin", "domain_name")}


def _json(status: int, document: dict[str, Any]) -> ApiAnswer:
    return ApiAnswer(status, json.dumps(document).encode(), {"Content-Type": "application/json"})


def _error(status: int, code: str, message: str) -> ApiAnswer:
    return _json(status, {"code": code, "message": message})
