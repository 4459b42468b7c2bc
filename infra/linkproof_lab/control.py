"""The lab's own API, for the command line and for tests: health, seeding, faults, records of zones without an API."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from linkproof.errors import LinkproofError

from linkproof_lab.nameservers.check import InvalidDocumentError, check_fault, check_propagation, rrset_changes
from linkproof_lab.nameservers.faults import KIND as FAULT
from linkproof_lab.server.inventory import documents
from linkproof_lab.server.ports import PortInUseError
from linkproof_lab.server.running import RUNNING, Flushable, Running
from linkproof_lab.service import services
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store, Zone
from linkproof_lab.world import CustomerZone, seed

_log = logging.getLogger(__name__)
_BODY_BYTES_AT_MOST = 16 * 1024 * 1024
_CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {FAULT: check_fault, "propagation": check_propagation}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    """The handlers. Part of the lab's process, so it writes to the same store that everything else reads."""

    def __init__(self, settings: LabSettings, store: Store, running: Running) -> None:
        self._settings = settings
        self._store = store
        self._running = running
        self._runner: web.AppRunner | None = None

    async def listen(self) -> None:
        app = web.Application(middlewares=[_problems_as_json], client_max_size=_BODY_BYTES_AT_MOST)
        app.add_routes(
            [
                web.get("/health", self.get_health),
                web.post("/seed", self.seed),
                web.get("/faults", self.all_faults),
                web.delete("/faults", self.clear_faults),
                web.get("/documents/{kind}", self.all_documents),
                *_document_routes(r"/faults/{key:.+}", self),
                *_document_routes(r"/documents/{kind}/{key:.+}", self),
                web.get("/records/{zone_id:.+}", self.records),
                web.put("/records/{zone_id:.+}", self.set_records),
                web.post("/resolver/flush", self.post_flush),
                web.get("/dump", self.dump),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        where = urlsplit(self._settings.control_api)
        host, port = where.hostname or "", where.port or 0
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise PortInUseError(host, port, "control API", "--api-port") from error

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def get_health(self, request: web.Request) -> web.Response:
        parts = {name: asdict(part) for name, part in self._running.health().items()}
        ok = self._running.ready and all(part["ok"] for part in parts.values())
        return web.json_response({"ok": ok, "ready": self._running.ready, "pid": os.getpid(), "parts": parts})

    async def seed(self, request: web.Request) -> web.Response:
        body = await _body(request)
        try:
            zones = [CustomerZone(**zone) for zone in body["zones"]]
        except (KeyError, TypeError) as error:
            raise InvalidDocumentError("seed", f"not a list of customer zones: {error}") from error
        seed(self._store, self._settings, zones)
        return web.json_response({"zones": len(zones)})

    # documents ---------------------------------------------------------------------------------
    async def all_faults(self, request: web.Request) -> web.Response:
        return web.json_response(dict(self._store.all(FAULT)))

    async def clear_faults(self, request: web.Request) -> web.Response:
        for key, _ in self._store.all(FAULT):
            self._store.delete(FAULT, key)
        return web.Response(status=204)

    async def all_documents(self, request: web.Request) -> web.Response:
        return web.json_response(dict(self._store.all(request.match_info["kind"])))

    async def get_document(self, request: web.Request) -> web.Response:
        kind, key = _kind_and_key(request)
        doc = self._store.get(kind, key)
        if doc is None:
            raise web.HTTPNotFound(text=f"there is no {kind} {key!r}")
        return web.json_response(doc)

    async def put_document(self, request: web.Request) -> web.Response:
        kind, key = _kind_and_key(request)
        doc = await _body(request)
        if kind in _CHECKS:
            _CHECKS[kind](doc)
        self._store.put(kind, key, doc)
        return web.json_response(doc)

    async def delete_document(self, request: web.Request) -> web.Response:
        kind, key = _kind_and_key(request)
        if not self._store.delete(kind, key):
            raise web.HTTPNotFound(text=f"there is no {kind} {key!r}")
        return web.Response(status=204)

    # records -----------------------------------------------------------------------------------
    async def records(self, request: web.Request) -> web.Response:
        return web.json_response(self._zone_as_json(self._zone(request)))

    async def set_records(self, request: web.Request) -> web.Response:
        zone = self._zone(request)
        if _has_api(zone.host):
            raise web.HTTPConflict(text=f"zone {zone.name} is held by the {zone.host} API: change its records there")
        changes = rrset_changes(zone, self._store.current(zone.id), await _body(request))
        self._store.set_rrsets(zone.id, changes)
        return web.json_response(self._zone_as_json(self._zone(request)))

    def _zone(self, request: web.Request) -> Zone:
        zone = self._store.zone(request.match_info["zone_id"])
        if zone is None:
            raise web.HTTPNotFound(text=f"there is no zone with the id {request.match_info['zone_id']!r}")
        return zone

    def _zone_as_json(self, zone: Zone) -> dict[str, Any]:
        rrsets = [
            {"name": rrset.name, "type": rrset.type, "ttl": rrset.ttl, "data": list(rrset.data)}
            for rrset in self._store.current(zone.id)
        ]
        return {"id": zone.id, "name": zone.name, "host": zone.host, "serial": zone.serial, "rrsets": rrsets}

    # the rest ----------------------------------------------------------------------------------
    async def post_flush(self, request: web.Request) -> web.Response:
        flushable = [part for part in self._running.parts.values() if isinstance(part, Flushable)]
        if not flushable:
            raise web.HTTPServiceUnavailable(text="no part of this lab has a resolver")
        for part in flushable:
            part.flush_resolver()
        return web.Response(status=204)

    async def dump(self, request: web.Request) -> web.Response:
        zones = {zone.id: self._zone_as_json(zone) for zone in self._store.zones()}
        return web.json_response({"documents": documents(self._settings.database), "zones": zones})


async def start(settings: LabSettings, store: Store) -> Control:
    """Raises:
    PortInUseError: another process has the port.
    """
    control = Control(settings, store, RUNNING.get(Running(ready=True)))
    await control.listen()
    return control


def _has_api(host: str) -> bool:
    """Whether the records of this host's zones are changed by its own API alone."""
    return any(one.name == host and one.has("api") for one in services("dns"))


def _document_routes(path: str, control: Control) -> list[web.RouteDef]:
    return [
        web.get(path, control.get_document),
        web.put(path, control.put_document),
        web.delete(path, control.delete_document),
    ]


def _kind_and_key(request: web.Request) -> tuple[str, str]:
    return request.match_info.get("kind", FAULT), request.match_info["key"]


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.text())
    except ValueError as error:
        raise InvalidDocumentError("body", f"not JSON: {error}") from error
    if not isinstance(body, dict):
        raise InvalidDocumentError("body", "not a JSON object")
    return body


@web.middleware
async def _problems_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except LinkproofError as error:
        return web.json_response({"problem": error.problem, "fix": error.fix}, status=400)
    except web.HTTPException as error:
        return web.json_response({"problem": error.text, "fix": ""}, status=error.status)
    except Exception as error:
        _log.exception("%s %s", request.method, request.path)
        problem = f"{type(error).__name__}: {error}"
        return web.json_response({"problem": problem, "fix": "the lab's log has the traceback"}, status=500)
