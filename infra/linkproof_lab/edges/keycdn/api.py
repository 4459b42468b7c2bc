"""KeyCDN's API: what every request must pass first."""

from __future__ import annotations

import base64
import json
import logging
from typing import Any
from urllib.parse import parse_qsl

from linkproof_lab.apis.contract import Api, ApiAnswer, ApiRequest
from linkproof_lab.apis.limits import RateLimit
from linkproof_lab.edges.keycdn.control_plane.reports import Reports
from linkproof_lab.edges.keycdn.control_plane.zones import Control, KeyCdnError
from linkproof_lab.edges.keycdn.facts import KEYCDN_KEY
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_log = logging.getLogger(__name__)
_LIMIT = 60
_MOST_BODY_BYTES = 64 * 1024


def api(settings: LabSettings, store: Store, parts: tuple[object, ...]) -> Api:
    return KeyCdn(settings, store)


class KeyCdn:
    """One account, one key, by HTTP Basic."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        # `X-Rate-Limit-Limit: 60`; of what time no header says, www.keycdn.com/api speaks of a minute
        self._limit = RateLimit(store, "keycdn", (_LIMIT, 60))
        self._control = Control(store)
        self._reports = Reports(settings, store)

    def answer(self, request: ApiRequest) -> ApiAnswer:
        status, description, data = 200, "Data successfully received.", None
        try:
            data = self._route(request)
        except KeyCdnError as error:
            status, description = error.status, error.description
        except Exception:
            _log.exception("%s %s", request.method, request.path)
            status, description = 500, "the lab failed; see its log"
        document: dict[str, Any] = {"status": "success" if status == 200 else "error", "description": description}
        document |= {} if data is None else {"data": data}
        return ApiAnswer(status, json.dumps(document).encode(), {"Content-Type": "application/json"})

    def _route(self, request: ApiRequest) -> dict[str, Any]:
        wanted = base64.b64encode(f"{KEYCDN_KEY}:".encode()).decode()
        if request.headers.get("authorization") != f"Basic {wanted}":
            raise KeyCdnError(401, "Unauthorized.")
        if self._limit.retry_after_seconds(KEYCDN_KEY) is not None:
            raise KeyCdnError(429, "Too many requests.")
        if len(request.body) > _MOST_BODY_BYTES:
            raise KeyCdnError(413, "Request Entity Too Large.")
        if not request.path.endswith(".json"):
            raise KeyCdnError(404, "Not found.")
        path = [part for part in request.path.removesuffix(".json").split("/") if part]
        match request.method, path:
            case "GET", ["reports", report]:
                return self._reports.answer(report, dict(request.query))
        return self._control.answer(request.method, path, _body(request))


def _body(request: ApiRequest) -> dict[str, Any]:
    """By form, as KeyCDN's own libraries send it, or JSON, as others do."""
    if not request.body.strip():
        return {}
    if "form" in request.headers.get("content-type", ""):
        return dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    try:
        document = json.loads(request.body)
    except ValueError as error:
        raise KeyCdnError(400, "The body is no JSON.") from error
    return document if isinstance(document, dict) else {}
