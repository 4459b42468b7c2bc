"""SparkPost's API: what every request must pass first, and whose part it is. One address plays all regions: a key says its account's."""

from __future__ import annotations

import json
import logging
from typing import Any

from linkproof_lab.apis.contract import Api, ApiAnswer, ApiRequest
from linkproof_lab.apis.faults import fault_for
from linkproof_lab.apis.limits import RateLimit
from linkproof_lab.senders.sparkpost.control_plane.certificates import Certificates
from linkproof_lab.senders.sparkpost.control_plane.contract import Answer, Call, Part, SparkPostError, no_route
from linkproof_lab.senders.sparkpost.control_plane.keys import caller
from linkproof_lab.senders.sparkpost.control_plane.sending_domains import SendingDomains
from linkproof_lab.senders.sparkpost.control_plane.tracking_domains import TrackingDomains
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_log = logging.getLogger(__name__)
_ROOT = "/api/v1/"
FAULT_KIND = "sparkpost-fault"


def api(settings: LabSettings, store: Store, parts: tuple[object, ...]) -> Api:
    return SparkPost(settings, store)


class SparkPost:
    """Everything behind `/api/v1/`."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._store = store
        # No number is published; off unless the document `rate-limit`/`sparkpost` asks for it.
        self._limit = RateLimit(store, "sparkpost", None)
        self._certificates = Certificates(settings, store)
        self._parts: tuple[Part, ...] = (TrackingDomains(settings, store), SendingDomains(store))

    async def answer(self, request: ApiRequest) -> ApiAnswer:
        fault = fault_for(self._store, FAULT_KIND, request.method, request.path)
        try:
            answer = await self._route(request) if fault is None or fault.is_done else Answer(204)
        except SparkPostError as error:
            answer = error.answer()
        except Exception:
            _log.exception("%s %s", request.method, request.path)
            answer = SparkPostError(500, "Internal Server Error", "the lab failed; see its log").answer()
        if fault is not None and fault.status is not None:
            answer = SparkPostError(fault.status, f"ordered by a fault: {fault.status}").answer()
        if answer.document is None:
            return ApiAnswer(answer.status)
        return ApiAnswer(answer.status, json.dumps(answer.document).encode(), {"Content-Type": "application/json"})

    async def run(self) -> None:
        """Issues certificates, until cancelled."""
        await self._certificates.run()

    async def _route(self, request: ApiRequest) -> Answer:
        if self._limit.retry_after_seconds(request.headers.get("authorization", "")) is not None:
            raise SparkPostError(429, "Too many requests")
        key, subaccount = caller(self._store, request.headers)
        path = [part for part in request.path.removeprefix(_ROOT).split("/") if part]
        if not request.path.startswith(_ROOT):
            raise no_route()
        body = _body(request)
        call = Call(
            request.method, path, dict(request.query), body, key["region"], subaccount, frozenset(key["grants"])
        )
        for part in self._parts:
            if path and part.claims(path):
                return await part.answer(call)
        raise no_route()


def _body(request: ApiRequest) -> dict[str, Any]:
    """A body that is not needed may be missing, whatever the headers say of it."""
    if request.method not in ("POST", "PUT") or not request.body.strip():
        return {}
    try:
        document = json.loads(request.body)
    except ValueError as error:
        raise SparkPostError(400, "Bad Request", "the body is not JSON") from error
    if not isinstance(document, dict):
        raise SparkPostError(400, "Bad Request", "the body is no object")
    return document
