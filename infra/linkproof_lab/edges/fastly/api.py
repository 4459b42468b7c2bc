"""Fastly's API: what every request must pass first, and whose part it is."""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import parse_qsl

from linkproof_lab.apis.contract import Api, ApiAnswer, ApiRequest
from linkproof_lab.apis.limits import RateLimit
from linkproof_lab.edges.fastly.control_plane.contract import Answer, Call, FastlyError
from linkproof_lab.edges.fastly.control_plane.custom import CustomTls
from linkproof_lab.edges.fastly.control_plane.keys import customer_of
from linkproof_lab.edges.fastly.control_plane.orders import Orders
from linkproof_lab.edges.fastly.control_plane.services import Services
from linkproof_lab.edges.fastly.control_plane.stats import Stats
from linkproof_lab.edges.fastly.control_plane.tls import Tls
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_log = logging.getLogger(__name__)
_CHANGING = ("POST", "PUT", "PATCH", "DELETE")


def api(settings: LabSettings, store: Store, parts: tuple[object, ...]) -> Api:
    return Fastly(settings, store)


class Fastly:
    """Services by form or JSON, TLS by JSON:API."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._store = store
        # docs.fastly.com/products/network-services-resource-limits: 1,000 requests per hour, of which reading is free
        self._limit = RateLimit(store, "fastly", (1000, 3600))
        self._orders = Orders(settings, store)
        self._services = Services(store)
        self._stats = Stats(settings, store)
        self._tls = Tls(settings, store)
        self._custom = CustomTls(store)

    def answer(self, request: ApiRequest) -> ApiAnswer:
        try:
            answer = self._route(request)
        except FastlyError as error:
            answer = error.answer(is_json_api=request.path.startswith("/tls/"))
        except Exception:
            _log.exception("%s %s", request.method, request.path)
            answer = FastlyError(500, "Internal error", "the lab failed; see its log").answer(is_json_api=False)
        if answer.document is None:
            return ApiAnswer(answer.status)
        kind = "application/vnd.api+json" if request.path.startswith("/tls/") else "application/json"
        return ApiAnswer(answer.status, json.dumps(answer.document).encode(), {"Content-Type": kind})

    async def run(self) -> None:
        """Issues certificates, until cancelled."""
        await self._orders.run()

    def _route(self, request: ApiRequest) -> Answer:
        customer = customer_of(self._store, request.headers)
        if request.method in _CHANGING and self._limit.retry_after_seconds(customer) is not None:
            raise FastlyError(429, "Too many requests")
        path = [part for part in request.path.split("/") if part]
        call = Call(request.method, path, dict(request.query), _body(request), customer)
        match path:
            case ["service", *_]:
                return self._services.answer(call)
            case ["stats", *_]:
                return self._stats.answer(call)
            case ["tls", "private_keys" | "certificates" | "activations", *_]:
                return self._custom.answer(call)
            case ["tls", *_]:
                return self._tls.answer(call)
        raise FastlyError(404, "Record not found", f"the lab has no {request.method} {request.path}")


def _body(request: ApiRequest) -> dict[str, Any]:
    if request.method not in ("POST", "PUT", "PATCH") or not request.body.strip():
        return {}
    if "form" in request.headers.get("content-type", ""):
        return dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    try:
        document = json.loads(request.body)
    except ValueError as error:
        raise FastlyError(400, "Bad request", "the body is no JSON") from error
    if not isinstance(document, dict):
        raise FastlyError(400, "Bad request", "the body is no object")
    return document
