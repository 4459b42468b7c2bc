"""The routes of Cloudflare's API, and what every request must pass first."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from linkproof_lab.apis.cloudflare.envelope import Answer, CloudflareError
from linkproof_lab.apis.cloudflare.records import Records
from linkproof_lab.apis.cloudflare.rulesets import Rulesets
from linkproof_lab.apis.cloudflare.ssl import Ssl
from linkproof_lab.apis.cloudflare.tokens import DNS_EDIT, ZONE_READ, Token, token_of, unauthorized
from linkproof_lab.apis.cloudflare.zones import list_zones, zone_view
from linkproof_lab.apis.limits import RateLimit
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store, Zone

_ROOT = "/client/v4/"
_HEX_ID = re.compile(r"^[0-9a-f]{32}$")


@dataclass(frozen=True, slots=True)
class CloudflareCall:
    method: str
    path: str
    query: Sequence[tuple[str, str]]
    authorization: str | None
    body: bytes


class Cloudflare:
    """Everything behind `/client/v4/`."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._store = store
        self._limit = RateLimit(store, "cloudflare", (1200, 300))
        self._records = Records(settings, store)
        self._rulesets = Rulesets(store)
        self._ssl = Ssl(store)

    def flatten_anew(self) -> None:
        """Addresses somewhere changed: flattened names may lead there."""
        self._records.flatten_anew()

    def answer(self, call: CloudflareCall) -> Answer:
        """Status, JSON document (None for no content) and extra headers."""
        try:
            return self._route(call)
        except CloudflareError as error:
            return error.answer()

    def _route(self, call: CloudflareCall) -> Answer:
        if call.path.removeprefix(_ROOT).strip("/") == "user/tokens/verify" and call.method == "GET":
            return self._verified(call)
        text, token = token_of(self._store, call.authorization)
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
            case ["zones", zone_id, *rest]:
                return self._in_zone(call, token, self._zone(zone_id, call.path), rest, query)
        raise _no_route(call.path)

    def _verified(self, call: CloudflareCall) -> Answer:
        try:
            token_of(self._store, call.authorization)
        except CloudflareError as error:
            if error.code == 10000:
                raise CloudflareError(401, 1000, "Invalid API Token") from error
            raise
        return 200, _plain_ok({"id": "0" * 32, "status": "active"}), {}

    def _in_zone(
        self, call: CloudflareCall, token: Token, zone: Zone, rest: list[str], query: dict[str, str]
    ) -> Answer:
        reads = call.method in ("GET", "HEAD")
        match call.method, rest:
            case "GET", []:
                if not token.may(ZONE_READ, zone.id):
                    raise CloudflareError(403, 9109, "Unauthorized to access requested resource")
                return 200, _plain_ok(zone_view(zone)), {}
            case _, ["dns_records", *path]:
                _require(token, zone, "DNS:Read" if reads else DNS_EDIT)
                return self._records.answer(call.method, zone, path, query, _body(call))
            case _, ["rulesets", *path]:
                body = _body(call)
                self._rulesets.authorize(token, zone, path, body)
                return self._rulesets.answer(call.method, zone, path, body)
            case "GET", ["pagerules"]:
                _require(token, zone, "Page Rules:Read")
                return 200, _plain_ok([]), {}
            case _, ["ssl", *_] | ["settings", _]:
                scope = "SSL and Certificates" if rest[0] == "ssl" else "Zone Settings"
                _require(token, zone, f"{scope}:{'Read' if reads else 'Edit'}")
                return self._ssl.answer(call.method, zone, rest, query, _body(call))
        raise _no_route(call.path)

    def _zone(self, zone_id: str, path: str) -> Zone:
        if not _HEX_ID.match(zone_id):
            raise _no_route(path)
        zone = self._store.zone(zone_id)
        if zone is None or zone.host != "cloudflare":
            raise CloudflareError(404, 1001, "Invalid zone identifier")
        return zone


def _require(token: Token, zone: Zone, scope: str) -> None:
    if not token.may(scope, zone.id):
        raise unauthorized()


def _plain_ok(result: Any) -> dict[str, Any]:
    return {"result": result, "success": True, "errors": [], "messages": []}


def _no_route(path: str) -> CloudflareError:
    return CloudflareError(404, 7003, f"Could not route to {path}, perhaps your object identifier is invalid?")


def _body(call: CloudflareCall) -> dict[str, Any]:
    if call.method not in ("POST", "PUT", "PATCH"):
        return {}
    try:
        document = json.loads(call.body or b"{}")
    except ValueError as error:
        raise CloudflareError(400, 9207, "Request body is invalid.") from error
    if not isinstance(document, dict):
        raise CloudflareError(400, 9207, "Request body is invalid.")
    return document
