"""One Fastly for all its edge addresses: chooses the certificate, judges the request, forwards it."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable

from aiohttp import web

from linkproof_lab.edges.fastly.data_plane import pages
from linkproof_lab.edges.fastly.data_plane.forward import asks_again, exchange_for
from linkproof_lab.edges.fastly.data_plane.hosts import Hosts, Service
from linkproof_lab.web.cache import AnswerCache
from linkproof_lab.web.contexts import Identity, server_context
from linkproof_lab.web.errors import OriginError
from linkproof_lab.web.faults import EdgeFaults
from linkproof_lab.web.listener import Connection, Refusal
from linkproof_lab.web.origin import OriginAnswer, Origins
from linkproof_lab.web.viewer import BodyTooLongError, Viewer, read_viewer, respond

_log = logging.getLogger(__name__)
_SERVER = "cache-lab-kxyz8100001-LAB"


class FastlyEdge:
    """Args:
    own_identity: what is shown for a name that TLS is not on for.
    record: is told the service of each request that comes to one.
    """

    def __init__(
        self,
        hosts: Hosts,
        origins: Origins,
        faults: EdgeFaults,
        own_identity: Callable[[], Identity],
        record: Callable[[str], None],
    ) -> None:
        self._hosts = hosts
        self._origins = origins
        self._faults = faults
        self._own_identity = own_identity
        self._record = record
        self._cache = AnswerCache()

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        """A name that TLS is not on for is shown Fastly's own certificate."""
        host = (server_name or "").lower()
        if self._faults.closes("https", host):
            return Refusal.CLOSE
        regular = self._hosts.certificate(host) or self._own_identity()
        return server_context(self._faults.identity(host, regular) or regular)

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        own = [("Via", "1.1 varnish"), ("X-Served-By", _SERVER), ("X-Cache-Hits", "0")]
        try:
            viewer = await read_viewer(request, connection)
        except BodyTooLongError:
            return respond(pages.error(413, "Payload Too Large", _SERVER), method=request.method, add=own)
        if self._faults.closes(connection.scheme, viewer.host) and request.transport is not None:
            request.transport.abort()
            return web.Response()
        answer, cache = await self._answer(viewer)
        return respond(answer, method=viewer.method, add=[*own, ("X-Cache", cache)])

    async def _answer(self, viewer: Viewer) -> tuple[OriginAnswer, str]:
        """The answer, and what `X-Cache` says of it."""
        status = await self._faults.status(viewer.host)
        if status is not None:
            return pages.error(status, "Bad Gateway", _SERVER), "MISS"
        if viewer.scheme == "https" and not self._is_directed(viewer):
            return pages.misdirected(), "MISS"
        service = self._hosts.service(viewer.host)
        if service is None:
            return pages.unknown_domain(viewer.host), "MISS"
        self._record(service.id)
        if service.forces_tls and viewer.scheme == "http":
            query = "" if viewer.query is None else f"?{viewer.query}"
            return pages.redirect(f"https://{viewer.host}{viewer.path}{query}"), "HIT"
        try:
            return await self._forward(viewer, service)
        except OriginError as problem:
            _log.info("%s: %s", viewer.host, problem)
            return pages.for_origin_error(problem, _SERVER), "MISS"

    async def _forward(self, viewer: Viewer, service: Service) -> tuple[OriginAnswer, str]:
        if service.backend is None:
            return pages.error(503, "No backend", _SERVER), "MISS"
        exchange = self._faults.exchange(viewer.host, exchange_for(service, service.backend, viewer, _SERVER))
        if exchange.cache:
            kept = self._cache.get(exchange.cache.key, time.monotonic())
            if kept:
                return kept.answer, "HIT"
        answer = await self._origins.ask(exchange.request)
        if asks_again(service, viewer, answer):
            answer = await self._origins.ask(exchange.request)
        if exchange.cache:
            self._cache.put(exchange.cache, answer, time.monotonic())
        return answer, "MISS"

    def _is_directed(self, viewer: Viewer) -> bool:
        """Whether the certificate of this connection is good for the Host."""
        return self._hosts.covers((viewer.connection.server_name or "").lower(), viewer.host)
