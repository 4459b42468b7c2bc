"""KeyCDN's edge: it does what a zone says, also where that is wrong."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import web

from linkproof_lab.edges.keycdn.data_plane.hosts import Hosts, Zone
from linkproof_lab.edges.keycdn.facts import DOMAIN
from linkproof_lab.web.cache import AnswerCache, CacheRule, stated_lifetime
from linkproof_lab.web.contexts import Identity, server_context
from linkproof_lab.web.errors import OriginError
from linkproof_lab.web.faults import EdgeFaults
from linkproof_lab.web.listener import Connection, Refusal
from linkproof_lab.web.origin import OriginAnswer, OriginRequest, Origins, OriginTls
from linkproof_lab.web.viewer import BodyTooLongError, Exchange, Viewer, read_viewer, respond

_log = logging.getLogger(__name__)
_OWN = [("Server", "keycdn-engine")]
_REPLACED = frozenset({"x-forwarded-for", "x-forwarded-proto"})
_LOOKED_UP = frozenset({"GET", "HEAD"})


class KeyCdnEdge:
    """Args:
    own_identity: what is shown for zones' own names, and for a host whose zone has no certificate of the user's.
    record: a zone's log.
    """

    def __init__(
        self,
        hosts: Hosts,
        origins: Origins,
        faults: EdgeFaults,
        own_identity: Callable[[], Identity],
        record: Callable[..., None],
    ) -> None:
        self._hosts = hosts
        self._origins = origins
        self._faults = faults
        self._own_identity = own_identity
        self._record = record
        self._cache = AnswerCache()

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        host = (server_name or "").lower()
        if self._faults.closes("https", host):
            return Refusal.CLOSE
        zone = None if host.endswith(f".{DOMAIN}") else self._hosts.zone(host)
        regular = (zone.certificate if zone else None) or self._own_identity()
        return server_context(self._faults.identity(host, regular) or regular)

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        try:
            viewer = await read_viewer(request, connection)
        except BodyTooLongError:
            return respond(_page(413, "Request Entity Too Large"), method=request.method, add=_OWN)
        if self._faults.closes(connection.scheme, viewer.host) and request.transport is not None:
            request.transport.abort()
            return web.Response()
        zone = self._hosts.zone(viewer.host)
        answer, cache = await self._answer(viewer, zone)
        if zone is not None:
            self._record(zone=zone.settings["id"], status=answer.status, is_hit=cache == "HIT")
        return respond(answer, method=viewer.method, add=[*_OWN, ("X-Cache", cache), ("X-Edge-Location", "lab")])

    async def _answer(self, viewer: Viewer, zone: Zone | None) -> tuple[OriginAnswer, str]:
        status = await self._faults.status(viewer.host)
        if status is not None:
            return _page(status, "Bad Gateway"), "MISS"
        if zone is None:
            # www.ndss-symposium.org, "CDN Judo": no zone has this host
            return _page(403, "Forbidden"), "MISS"
        if zone.has("forcessl") and viewer.scheme == "http":
            query = "" if viewer.query is None else f"?{viewer.query}"
            location = f"https://{viewer.host}{viewer.path}{query}"
            return OriginAnswer(301, "Moved Permanently", (("Location", location),), b""), "MISS"
        exchange = self._faults.exchange(viewer.host, exchange_for(zone, viewer))
        if exchange.cache:
            kept = self._cache.get(exchange.cache.key, time.monotonic())
            if kept:
                return kept.answer, "HIT"
        try:
            answer = await self._origins.ask(exchange.request)
        except OriginError as problem:
            _log.info("%s: %s", viewer.host, problem)
            return _page(502, "Bad Gateway"), "MISS"
        if exchange.cache:
            self._cache.put(exchange.cache, answer, time.monotonic())
        return answer, "MISS"


def exchange_for(zone: Zone, viewer: Viewer) -> Exchange:
    """What KeyCDN does with this request when no fault interferes. Pure."""
    parts = urlsplit(zone.settings["originurl"])
    origin, secure = str(parts.hostname), parts.scheme == "https"
    headers = [(name, value) for name, value in viewer.end_to_end_headers() if name.lower() not in _REPLACED]
    if zone.has("cachestripcookies"):
        headers = [(name, value) for name, value in headers if name.lower() != "cookie"]
    headers += [
        ("X-Forwarded-For", ", ".join([*viewer.values("x-forwarded-for"), viewer.address])),
        ("X-Forwarded-Proto", viewer.scheme),
    ]
    request = OriginRequest(
        method=viewer.method,
        origin=origin,
        port=parts.port or (443 if secure else 80),
        # no setting names a certificate, and none says that it is looked at
        tls=OriginTls(origin, ()) if secure else None,
        # www.keycdn.com/support/pull-zone-settings, "Forward Host Header"
        host=viewer.authority if zone.has("cachehostheader") else origin,
        path=viewer.path,
        query=viewer.query,
        headers=tuple(headers),
        body=viewer.body,
    )
    return Exchange(request, _cache_rule(zone, viewer) if viewer.method in _LOOKED_UP else None)


def _cache_rule(zone: Zone, viewer: Viewer) -> CacheRule:
    """Ignore Query String: one answer for all of them."""
    query = None if zone.has("cacheignorequerystring") else viewer.query
    key = ("keycdn", zone.settings["id"], viewer.method, viewer.path, query)
    return CacheRule(key, lambda answer: _seconds(zone, answer))


def _seconds(zone: Zone, answer: OriginAnswer) -> float:
    """Max Expire: only where the origin says nothing, or where what it says is ignored."""
    stated = None if zone.has("cacheignorecachecontrol") else stated_lifetime(answer)
    if answer.status >= 400:
        return 0.0
    return float(zone.settings["cachemaxexpire"]) * 60 if stated is None else stated


def _page(status: int, reason: str) -> OriginAnswer:
    text = f"<html>\n<head><title>{status} {reason}</title></head>\n<body>\n<center><h1>{status} {reason}</h1></center>\n</body>\n</html>\n"
    return OriginAnswer(status, reason, (("Content-Type", "text/html"),), text.encode())
