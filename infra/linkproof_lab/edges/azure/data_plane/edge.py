"""One Front Door for all its edge addresses: chooses the certificate, finds the route, forwards."""

from __future__ import annotations

import logging
import ssl
import time
import uuid
from collections.abc import Callable

from aiohttp import web

from linkproof_lab.edges.azure.data_plane import pages
from linkproof_lab.edges.azure.data_plane.forward import exchange_for
from linkproof_lab.edges.azure.data_plane.serving import Serving, Way
from linkproof_lab.web.cache import AnswerCache
from linkproof_lab.web.contexts import Identity, server_context
from linkproof_lab.web.errors import OriginError
from linkproof_lab.web.faults import EdgeFaults
from linkproof_lab.web.listener import Connection, Refusal
from linkproof_lab.web.origin import OriginAnswer, Origins
from linkproof_lab.web.viewer import BodyTooLongError, Viewer, read_viewer, respond

_log = logging.getLogger(__name__)
_SCHEMES = {"http": "Http", "https": "Https"}
# learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits: of the raw URL, and of its query.
_MOST_URL_OCTETS, _MOST_QUERY_OCTETS = 8192, 4096


class FrontDoorEdge:
    """Args:
    serving: what is configured now.
    own_identity: what is shown for a name that is no validated domain.
    record: a profile's log.
    """

    def __init__(
        self,
        serving: Callable[[], Serving],
        origins: Origins,
        faults: EdgeFaults,
        own_identity: Callable[[], Identity],
        record: Callable[..., None],
    ) -> None:
        self._serving = serving
        self._origins = origins
        self._faults = faults
        self._own_identity = own_identity
        self._record = record
        self._cache = AnswerCache()

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        """A name that is no validated domain is shown Azure's own certificate."""
        host = (server_name or "").lower()
        if self._faults.closes("https", host):
            return Refusal.CLOSE
        regular = self._serving().identity(host) or self._own_identity()
        return server_context(self._faults.identity(host, regular) or regular)

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        reference = uuid.uuid4().hex
        own = [("X-Azure-Ref", reference)]
        try:
            viewer = await read_viewer(request, connection)
        except BodyTooLongError:
            return respond(pages.error(413, "Payload Too Large"), method=request.method, add=own)
        if self._faults.closes(connection.scheme, viewer.host) and request.transport is not None:
            request.transport.abort()
            return web.Response()
        way = self._serving().way(viewer.host)
        if way is not None:
            self._record(profile=way.profile, host=viewer.host, scheme=viewer.scheme)
        answer, cache = await self._answer(viewer, way, reference)
        return respond(answer, method=viewer.method, add=[*own, ("X-Cache", cache)])

    async def _answer(self, viewer: Viewer, way: Way | None, reference: str) -> tuple[OriginAnswer, str]:
        """The answer, and what `X-Cache` says of it."""
        status = await self._faults.status(viewer.host)
        if status is not None:
            return pages.error(status, "Service Unavailable"), "CONFIG_NOCACHE"
        query = "" if viewer.query is None else f"?{viewer.query}"
        url = f"{viewer.scheme}://{viewer.authority}{viewer.path}{query}"
        if len(query) > _MOST_QUERY_OCTETS or len(url) > _MOST_URL_OCTETS:
            return pages.error(414, "URI Too Long"), "CONFIG_NOCACHE"
        if way is None or _SCHEMES[viewer.scheme] not in way.route["supportedProtocols"]:
            return pages.unknown_host(), "CONFIG_NOCACHE"
        if way.route["httpsRedirect"] == "Enabled" and viewer.scheme == "http":
            return pages.redirect(f"https://{viewer.host}{viewer.path}{query}"), "CONFIG_NOCACHE"
        try:
            return await self._forward(viewer, way, reference)
        except OriginError as problem:
            _log.info("%s: %s", viewer.host, problem)
            return pages.for_origin_error(problem), "CONFIG_NOCACHE"

    async def _forward(self, viewer: Viewer, way: Way, reference: str) -> tuple[OriginAnswer, str]:
        if way.origin is None:
            return pages.error(503, "Service Unavailable"), "CONFIG_NOCACHE"
        exchange = self._faults.exchange(viewer.host, exchange_for(viewer, way, way.origin, reference))
        if exchange.cache is None:
            return await self._origins.ask(exchange.request), "CONFIG_NOCACHE"
        kept = self._cache.get(exchange.cache.key, time.monotonic())
        if kept:
            return kept.answer, "TCP_HIT"
        answer = await self._origins.ask(exchange.request)
        self._cache.put(exchange.cache, answer, time.monotonic())
        return answer, "TCP_MISS"
