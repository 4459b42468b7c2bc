"""One Google for all its addresses: chooses the certificate, finds the load balancer of the address, forwards."""

from __future__ import annotations

import logging
import secrets
import ssl
from collections.abc import Callable

from aiohttp import web

from linkproof_lab.edges.gcp.data_plane import pages
from linkproof_lab.edges.gcp.data_plane.forward import request_for
from linkproof_lab.edges.gcp.data_plane.serving import Serving, Way
from linkproof_lab.web.contexts import server_context
from linkproof_lab.web.errors import OriginError
from linkproof_lab.web.faults import EdgeFaults
from linkproof_lab.web.listener import Connection, Refusal
from linkproof_lab.web.origin import OriginAnswer, Origins
from linkproof_lab.web.viewer import BodyTooLongError, Exchange, Viewer, read_viewer, respond

_log = logging.getLogger(__name__)
_PORTS = {"http": "80", "https": "443"}
_OWN = ("Via", "1.1 google")


class GoogleEdge:
    """Args:
    serving: what is configured now.
    record: the log of all load balancers.
    """

    def __init__(
        self, serving: Callable[[], Serving], origins: Origins, faults: EdgeFaults, record: Callable[..., None]
    ) -> None:
        self._serving = serving
        self._origins = origins
        self._faults = faults
        self._record = record

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        """Without a certificate for the name, and without a primary one, the handshake fails."""
        host = server_name or ""
        if self._faults.closes("https", host):
            return Refusal.CLOSE
        identity = self._faults.identity(host, self._serving().identity(host))
        return server_context(identity) if identity else Refusal.ALERT

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        try:
            viewer = await read_viewer(request, connection)
        except BodyTooLongError:
            return respond(pages.error(413, "Request Entity Too Large"), method=request.method, add=[_OWN])
        local = request.transport.get_extra_info("sockname") if request.transport is not None else None
        way = self._serving().way(local[0] if local else "", _PORTS[connection.scheme], viewer.host)
        if way is None or self._faults.closes(connection.scheme, viewer.host):
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        self._record(url_map=way.url_map, backend=way.backend)
        return respond(await self._answer(viewer, way), method=viewer.method, add=[_OWN])

    async def _answer(self, viewer: Viewer, way: Way) -> OriginAnswer:
        status = await self._faults.status(viewer.host)
        if status is not None:
            return pages.error(status, "Server Error")
        abort = (way.action.get("faultInjectionPolicy") or {}).get("abort") or {}
        if secrets.randbelow(100) < abort.get("percentage", 0):
            return pages.aborted(int(abort["httpStatus"]))
        endpoint = self._serving().endpoint(way.service) if way.service is not None else None
        if endpoint is None or way.service is None:
            return pages.error(502, "Server Error")
        exchange = self._faults.exchange(viewer.host, Exchange(request_for(viewer, way, way.service, endpoint), None))
        try:
            return await self._origins.ask(exchange.request)
        except OriginError as problem:
            _log.info("%s: %s", viewer.host, problem)
            return pages.error(502, "Server Error")
