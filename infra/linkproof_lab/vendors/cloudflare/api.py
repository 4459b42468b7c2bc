"""The routes of Cloudflare's API, and what every request must pass first."""

from __future__ import annotations

import json
import logging
import math
import re
from typing import Any

from linkproof_lab.apis.contract import Api, ApiAnswer, ApiRequest
from linkproof_lab.apis.limits import RateLimit
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store, Zone
from linkproof_lab.vendors.cloudflare.control_plane.analytics import Analytics
from linkproof_lab.vendors.cloudflare.control_plane.contract import ZoneCall, ZoneService
from linkproof_lab.vendors.cloudflare.control_plane.envelope import Answer, CloudflareError, plain_ok
from linkproof_lab.vendors.cloudflare.control_plane.tokens import ZONE_READ, Token, token_of
from linkproof_lab.vendors.cloudflare.control_plane.zones import list_zones, zone_view

_log = logging.getLogger(__name__)
_ROOT = "/client/v4/"
_HEX_ID = re.compile(r"^[0-9a-f]{32}$")


def api(settings: LabSettings, store: Store, parts: tuple[ZoneService, ...]) -> Api:
    return Cloudflare(settings, store, parts)


class Cloudflare:
    """Everything behind `/client/v4/`.

    Args:
        parts: what is behind a zone's id, from the services that have folders of their own.
    """

    def __init__(self, settings: LabSettings, store: Store, parts: tuple[ZoneService, ...]) -> None:
        self._store = store
        self._parts = parts
        self._analytics = Analytics(settings, store)
        self._limit = RateLimit(store, "cloudflare", (1200, 300))

    def answer(self, request: ApiRequest) -> ApiAnswer:
        try:
            status, document, headers = self._route(request)
        except CloudflareError as error:
            status, document, headers = error.answer()
        except Exception:
            _log.exception("%s %s", request.method, request.path)
            status, headers = 500, {}
            document = {"success": False, "errors": [{"code": 10001, "message": "the lab failed; see its log"}]}
        if document is None:
            return ApiAnswer(status, b"", headers)
        if isinstance(document, str):
            return ApiAnswer(status, document.encode(), {"Content-Type": "text/plain", **headers})
        return ApiAnswer(status, json.dumps(document).encode(), {"Content-Type": "application/json", **headers})

    def _route(self, call: ApiRequest) -> Answer:
        if call.path.removeprefix(_ROOT).strip("/") == "user/tokens/verify" and call.method == "GET":
            return self._verified(call)
        text, token = token_of(self._store, call.headers.get("authorization"))
        wait = self._limit.retry_after_seconds(text)
        if wait is not None:
            # developers.cloudflare.com/fundamentals/api/reference/limits: further calls fail with 429 until the window ends
            headers = {"Retry-After": str(max(1, math.ceil(wait)))}
            raise CloudflareError(429, 971, "Please wait and consider throttling your request speed", headers=headers)
        parts = call.path.removeprefix(_ROOT).strip("/").split("/") if call.path.startswith(_ROOT) else []
        query = dict(call.query)
        match parts:
            case ["zones"] if call.method == "GET":
                return list_zones([z for z in self._store.zones("cloudflare") if token.may(ZONE_READ, z.id)], query)
            case ["graphql"] if call.method == "POST":
                return 200, self._analytics.answer(token, _body(call)), {}
            case ["zones", zone_id, *rest]:
                return self._in_zone(call, token, self._zone(zone_id, call.path), rest, query)
        raise _no_route(call.path)

    def _verified(self, call: ApiRequest) -> Answer:
        try:
            token_of(self._store, call.headers.get("authorization"))
        except CloudflareError as error:
            if error.code == 10000:
                raise CloudflareError(401, 1000, "Invalid API Token") from error
            raise
        return 200, plain_ok({"id": "0" * 32, "status": "active"}), {}

    def _in_zone(self, call: ApiRequest, token: Token, zone: Zone, rest: list[str], query: dict[str, str]) -> Answer:
        if (call.method, rest) == ("GET", []):
            if not token.may(ZONE_READ, zone.id):
                raise CloudflareError(403, 9109, "Unauthorized to access requested resource")
            return 200, plain_ok(zone_view(zone)), {}
        for part in self._parts:
            if part.claims(call.method, rest):
                return part.answer(ZoneCall(call.method, zone, token, rest, query, _body(call)))
        raise _no_route(call.path)

    def _zone(self, zone_id: str, path: str) -> Zone:
        if not _HEX_ID.match(zone_id):
            raise _no_route(path)
        zone = self._store.zone(zone_id)
        if zone is None or zone.host != "cloudflare":
            raise CloudflareError(404, 1001, "Invalid zone identifier")
        return zone


def _no_route(path: str) -> CloudflareError:
    return CloudflareError(404, 7003, f"Could not route to {path}, perhaps your object identifier is invalid?")


def _body(call: ApiRequest) -> dict[str, Any]:
    if call.method not in ("POST", "PUT", "PATCH"):
        return {}
    try:
        document = json.loads(call.body or b"{}")
    except ValueError as error:
        raise CloudflareError(400, 9207, "Request body is invalid.") from error
    if not isinstance(document, dict):
        raise CloudflareError(400, 9207, "Request body is invalid.")
    return document
