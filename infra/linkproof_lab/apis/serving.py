"""Binds the APIs to their loopback addresses. The only module here that knows aiohttp."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from linkproof_lab import tasks
from linkproof_lab.apis.contract import Api, ApiAnswer, ApiRequest, Follows, Works
from linkproof_lab.apis.faults import outage
from linkproof_lab.apis.request_log import RequestLog
from linkproof_lab.service import services
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_log = logging.getLogger(__name__)
_MOST_BODY_BYTES = 8 * 1024 * 1024
_FOLLOW_SECONDS = 0.5


class Apis:
    """The running APIs."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._store = store
        self._log = RequestLog(settings.request_log)
        self._made: list[Any] = []
        self._at: dict[str, tuple[str, Api]] = {}
        self._runners: list[web.AppRunner] = []
        self._tasks: list[asyncio.Task[None]] = []
        parts: dict[str, list[Any]] = {}
        with_api = [(one, one.file("api")) for one in services() if one.has("api")]
        for one, module in with_api:
            if one.facts.api is None:
                part = module.api(settings, store, ())
                parts.setdefault(str(one.facts.vendor), []).append(part)
                self._made.append(part)
        for one, module in with_api:
            if one.facts.api is not None:
                own = tuple(parts.get(one.name, ())) if one.kind == "vendors" else ()
                made = module.api(settings, store, own)
                self._at[settings.api_url(one.key)] = (one.key, made)
                self._made.append(made)

    async def start(self) -> None:
        try:
            for url, (service, api) in self._at.items():
                await self._bind(url, service, api)
        except BaseException:
            await self.stop()
            raise
        jobs = [self._follow(), *(one.run() for one in self._made if isinstance(one, Works))]
        self._tasks = [asyncio.create_task(job) for job in jobs]

    async def stop(self) -> None:
        await tasks.end(self._tasks)
        for runner in self._runners:
            await runner.cleanup()

    async def _bind(self, url: str, service: str, api: Api) -> None:
        where = urlsplit(url)
        app = web.Application(client_max_size=_MOST_BODY_BYTES)
        app.router.add_route("*", "/{path:.*}", _handler(url, _Outages(service, api, self._store), self._log))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, where.hostname, where.port).start()

    async def _follow(self) -> None:
        """Alias records and flattened CNAMEs answer with addresses of others: keep up with them."""
        newest = 0
        while True:
            try:
                versions = list(self._store.versions_after(newest))
                newest = versions[-1].n if versions else newest
                if any(version.type in ("A", "AAAA", "CNAME") for version in versions):
                    for one in self._made:
                        if isinstance(one, Follows):
                            one.addresses_changed()
            except Exception:
                _log.exception("alias targets could not be followed")
            await asyncio.sleep(_FOLLOW_SECONDS)


class _Outages:
    """An API behind what fails where `api-fault` orders it: the work is done or not, and its answer is lost."""

    def __init__(self, service: str, api: Api, store: Store) -> None:
        self._service, self._api, self._store = service, api, store

    async def answer(self, request: ApiRequest) -> ApiAnswer:
        fault = outage(self._store, self._service, request.method, request.path)
        if fault is None or fault.is_done:
            found = self._api.answer(request)
            answer = await found if inspect.isawaitable(found) else found
            if fault is None:
                return answer
        await asyncio.sleep(fault.delay_seconds)
        assert fault.status is not None
        return ApiAnswer(fault.status, (fault.body or "ordered by a fault").encode(), {"Content-Type": "text/plain"})


def _handler(url: str, api: _Outages, log: RequestLog) -> Callable[[web.Request], Any]:
    async def handle(request: web.Request) -> web.Response:
        asked = ApiRequest(
            request.method,
            request.path,
            list(request.query.items()),
            {name.lower(): value for name, value in request.headers.items()},
            await request.read(),
        )
        answer = await api.answer(asked)
        log.add(url, asked, answer.status)
        return web.Response(status=answer.status, body=answer.body, headers=dict(answer.headers))

    return handle
