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
from linkproof_lab.apis.contract import Api, ApiRequest, Follows, Works
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
        self._at: dict[str, Api] = {}
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
                self._at[settings.api_url(one.key)] = made = module.api(settings, store, own)
                self._made.append(made)

    async def start(self) -> None:
        try:
            for url, api in self._at.items():
                await self._bind(url, api)
        except BaseException:
            await self.stop()
            raise
        jobs = [self._follow(), *(one.run() for one in self._made if isinstance(one, Works))]
        self._tasks = [asyncio.create_task(job) for job in jobs]

    async def stop(self) -> None:
        await tasks.end(self._tasks)
        for runner in self._runners:
            await runner.cleanup()

    async def _bind(self, url: str, api: Api) -> None:
        where = urlsplit(url)
        app = web.Application(client_max_size=_MOST_BODY_BYTES)
        app.router.add_route("*", "/{path:.*}", _handler(url, api, self._log))
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


def _handler(url: str, api: Api, log: RequestLog) -> Callable[[web.Request], Any]:
    async def handle(request: web.Request) -> web.Response:
        asked = ApiRequest(
            request.method,
            request.path,
            list(request.query.items()),
            {name.lower(): value for name, value in request.headers.items()},
            await request.read(),
        )
        found = api.answer(asked)
        answer = await found if inspect.isawaitable(found) else found
        log.add(url, asked, answer.status)
        return web.Response(status=answer.status, body=answer.body, headers=dict(answer.headers))

    return handle
