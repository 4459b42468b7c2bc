"""One Cloudflare for all its edge addresses: chooses the certificate, judges the request, forwards it."""

from __future__ import annotations

import logging
import secrets
import ssl
import time
from collections.abc import Callable

from aiohttp import web

from linkproof_lab.edges.cloudflare.data_plane import pages
from linkproof_lab.edges.cloudflare.data_plane.forward import exchange_for, is_static
from linkproof_lab.edges.cloudflare.data_plane.hosts import Hosts, ProxiedHost
from linkproof_lab.edges.cloudflare.data_plane.rewrite import hide_addresses
from linkproof_lab.web.cache import AnswerCache
from linkproof_lab.web.contexts import Identity, server_context
from linkproof_lab.web.errors import OriginError
from linkproof_lab.web.faults import EdgeFaults
from linkproof_lab.web.listener import Connection, Refusal
from linkproof_lab.web.names import port_suffix
from linkproof_lab.web.origin import OriginAnswer, Origins
from linkproof_lab.web.viewer import BodyTooLongError, Exchange, Viewer, read_viewer, respond

_log = logging.getLogger(__name__)
_NO_CACHE = "DYNAMIC"


class CloudflareEdge:
    """Args:
    universal: from a zone to its Universal certificate.
    own_addresses: of the edges, to which no record may lead back.
    http_port: of the lab, for redirects to clients who came with a port.
    record: is told the host of each request for one that it answers for.
    """

    def __init__(
        self,
        hosts: Hosts,
        origins: Origins,
        faults: EdgeFaults,
        universal: Callable[[str], Identity],
        own_addresses: tuple[str, ...],
        http_port: int,
        record: Callable[[str], None],
    ) -> None:
        self._hosts = hosts
        self._origins = origins
        self._faults = faults
        self._universal = universal
        self._own_addresses = frozenset(own_addresses)
        self._http_port = http_port
        self._record = record
        self._cache = AnswerCache()

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        """Without a certificate for the name the handshake fails."""
        host = server_name or ""
        if self._faults.closes("https", host):
            return Refusal.CLOSE
        zone = self._hosts.certified_zone(host)
        identity = self._faults.identity(host, self._universal(zone) if zone else None)
        return server_context(identity) if identity else Refusal.ALERT

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        ray = f"{secrets.token_hex(8)}-LAB"
        own = [("Server", "cloudflare"), ("CF-Ray", ray)]
        try:
            viewer = await read_viewer(request, connection)
        except BodyTooLongError:
            return respond(pages.error(413, 413), method=request.method, add=own)
        if self._faults.closes(connection.scheme, viewer.host) and request.transport is not None:
            request.transport.abort()
            return web.Response()
        answer, mark = await self._answer(viewer, ray)
        return respond(answer, method=viewer.method, add=[*own, *mark])

    async def _answer(self, viewer: Viewer, ray: str) -> tuple[OriginAnswer, list[tuple[str, str]]]:
        """The answer, with the header that tells what the cache did."""
        status = await self._faults.status(viewer.host)
        if status is not None:
            return pages.error(status, status), []
        host = self._hosts.find(viewer.host)
        if host is None:
            return pages.error(409, 1001), []
        self._record(viewer.host)
        if host.checks_browser and not any(value.strip() for value in viewer.values("user-agent")):
            return pages.error(403, 1010), []
        if host.ssl == "off" and viewer.scheme == "https":
            return pages.redirect(self._plain_url(viewer)), []
        try:
            if self._own_addresses.intersection(await self._origins.resolve(host.target)):
                return pages.error(403, 1000), []
            answer, cache_status = await self._forward(viewer, host, ray)
        except OriginError as problem:
            _log.info("%s: %s", viewer.host, problem)
            return pages.for_origin_error(problem), []
        if host.hides_addresses:
            answer = hide_addresses(answer)
        return answer, cache_status

    async def _forward(self, viewer: Viewer, host: ProxiedHost, ray: str) -> tuple[OriginAnswer, list[tuple[str, str]]]:
        exchange = self._faults.exchange(viewer.host, exchange_for(host, viewer, ray))
        if exchange.cache:
            kept = self._cache.get(exchange.cache.key, time.monotonic())
            if kept:
                return kept.answer, [("CF-Cache-Status", "HIT"), ("Age", str(kept.age_seconds))]
        answer = await self._origins.ask(exchange.request)
        if exchange.cache:
            self._cache.put(exchange.cache, answer, time.monotonic())
        return answer, [("CF-Cache-Status", _cache_status(exchange, viewer, answer))]

    def _plain_url(self, viewer: Viewer) -> str:
        port = f":{self._http_port}" if port_suffix(viewer.authority) else ""
        query = "" if viewer.query is None else f"?{viewer.query}"
        return f"http://{viewer.host}{port}{viewer.path}{query}"


def _cache_status(exchange: Exchange, viewer: Viewer, answer: OriginAnswer) -> str:
    """Cloudflare docs, "Cloudflare cache responses"."""
    if exchange.cache:
        return "MISS" if exchange.cache.seconds_for(answer) > 0 else "BYPASS"
    return "BYPASS" if is_static(viewer.path) and viewer.method in {"GET", "HEAD"} else _NO_CACHE
