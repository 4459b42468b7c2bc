"""SendGrid's API: what every request must pass first, and whose part it is."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from linkproof_lab.apis.contract import Api, ApiAnswer, ApiRequest
from linkproof_lab.apis.faults import Fault, fault_for
from linkproof_lab.senders.sendgrid.control_plane.api_keys import ApiKeys
from linkproof_lab.senders.sendgrid.control_plane.auto_ssl import AutoSsl
from linkproof_lab.senders.sendgrid.control_plane.contract import Answer, Call, Part, SendGridError, User, no_route
from linkproof_lab.senders.sendgrid.control_plane.domains import Domains
from linkproof_lab.senders.sendgrid.control_plane.faults import KIND as FAULT_KIND
from linkproof_lab.senders.sendgrid.control_plane.links import Links
from linkproof_lab.senders.sendgrid.control_plane.posting import Posting
from linkproof_lab.senders.sendgrid.control_plane.tracking import Tracking
from linkproof_lab.senders.sendgrid.control_plane.users import Subusers, caller
from linkproof_lab.senders.sendgrid.control_plane.webhooks import Webhooks
from linkproof_lab.senders.sendgrid.control_plane.window import Window
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_log = logging.getLogger(__name__)
_ROOT = "/v3/"


def api(settings: LabSettings, store: Store, parts: tuple[object, ...]) -> Api:
    return SendGrid(settings, store)


class SendGrid:
    """Everything behind `/v3/`."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._store = store
        self._window = Window(store)
        self._posting = Posting(store)
        self._auto_ssl = AutoSsl(settings, store)
        kinds = (Links(settings, store), Domains(settings, store), Webhooks(store))

        def forget(user: User) -> None:
            for kind in kinds:
                kind.forget(user)

        self._parts: tuple[Part, ...] = (
            *kinds,
            ApiKeys(store),
            Tracking(store),
            Subusers(store, forget),
        )

    async def answer(self, request: ApiRequest) -> ApiAnswer:
        passes, headers = self._window.count(request.headers.get("authorization", ""))
        if not passes:
            return _written(SendGridError(429, (None, "too many requests")).answer(), headers)
        fault = fault_for(self._store, FAULT_KIND, request.method, request.path)
        try:
            answer = await self._route(request) if fault is None or fault.is_done else Answer(204)
        except SendGridError as error:
            answer = error.answer()
        except Exception:
            _log.exception("%s %s", request.method, request.path)
            answer = SendGridError(500, (None, "the lab failed; see its log")).answer()
        if fault is None:
            return _written(answer, headers)
        await asyncio.sleep(fault.delay_seconds)
        return _wrong(fault, answer, headers)

    async def run(self) -> None:
        """Posts events and issues certificates, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._posting.run())
            tasks.create_task(self._auto_ssl.run())

    async def _route(self, request: ApiRequest) -> Answer:
        user, scopes, is_impersonating = caller(self._store, request.headers)
        if not request.path.startswith(_ROOT):
            raise no_route()
        path = [part for part in request.path.removeprefix(_ROOT).split("/") if part]
        body = _body(request)
        listed = body if isinstance(body, list) and path[-1:] == ["ips"] else None
        if listed is None and not isinstance(body, dict):
            raise SendGridError(400, (None, "request body must be an object"))
        plain = body if isinstance(body, dict) else {}
        call = Call(request.method, path, dict(request.query), plain, user, scopes, is_impersonating, listed)
        for part in self._parts:
            if path and part.claims(path):
                return await part.answer(call)
        raise no_route()


def _body(request: ApiRequest) -> Any:
    """A body that is not needed may be missing, whatever the headers say of it."""
    if request.method not in ("POST", "PUT", "PATCH") or not request.body.strip():
        return {}
    try:
        return json.loads(request.body)
    except ValueError as error:
        raise SendGridError(400, (None, "invalid JSON in request body")) from error


def _written(answer: Answer, headers: dict[str, str]) -> ApiAnswer:
    if answer.document is None:
        return ApiAnswer(answer.status, b"", headers)
    return ApiAnswer(
        answer.status, json.dumps(answer.document).encode(), {"Content-Type": "application/json", **headers}
    )


def _wrong(fault: Fault, answer: Answer, headers: dict[str, str]) -> ApiAnswer:
    if fault.status is None:
        document = answer.document
        changed = {**document, **fault.set} if isinstance(document, dict) else document
        return _written(Answer(answer.status, changed), headers)
    if fault.body is not None:
        return ApiAnswer(fault.status, fault.body.encode(), {"Content-Type": "text/html", **headers})
    return _written(SendGridError(fault.status, (None, f"ordered by a fault: {fault.status}")).answer(), headers)
