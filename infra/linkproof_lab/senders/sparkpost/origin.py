"""Answers as SparkPost's tracking endpoints do (`spgo.io`, `eu.spgo.io`, `v2.` of both, an enterprise account's own).

Documented or seen: `Server: msys-http`, 302 without a Location for a token that says nothing, 302 and `X-Robots-Tag: noindex` for a
click, 44 octets of picture for an open, 405 for OPTIONS, robots.txt, 404 in plain text for other paths; SNI is required; the host is told
by X-Forwarded-Host where an edge sends its own Host. What a host gets that is no tracking domain is not known: the lab answers 404. No
answer says how long it may be kept.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import replace
from urllib.parse import parse_qs

from aiohttp import web

from linkproof_lab.senders.sparkpost.facts import ENDPOINTS, MANAGED
from linkproof_lab.senders.sparkpost.links import CERTIFICATE_KIND, CLICK_KIND, DOMAIN_KIND
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.web.clicks import ClickLog
from linkproof_lab.web.contexts import Identity, server_context
from linkproof_lab.web.contract import OriginContext, WebHost
from linkproof_lab.web.kept import kept_identity
from linkproof_lab.web.listener import Connection, Refusal
from linkproof_lab.web.names import without_port
from linkproof_lab.web.origin import OriginAnswer
from linkproof_lab.web.viewer import BodyTooLongError, Viewer, read_viewer, respond

_SERVER = ("Server", "msys-http")
_PLAIN = ("Content-Type", "text/plain")
_NOINDEX = ("X-Robots-Tag", "noindex")
# `/f/<word>/…`: the second part is `a`, or the word that a link's `data-msys-sublink` gives it.
_TRACKED = re.compile(r"/(?P<kind>[fq])/[^/]+/(?P<token>[^/]+)/[^/]+/[^/]+")
_PIXEL = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;\x00"


def origin(context: OriginContext) -> WebHost:
    return SparkPostOrigin(context.settings, context.store, context.clicks)


class SparkPostOrigin:
    """One endpoint for each region, which knows the tracking domains of its own region only."""

    def __init__(self, settings: LabSettings, store: Store, clicks: ClickLog) -> None:
        self._settings = settings
        self._store = store
        self._clicks = clicks
        served = (*ENDPOINTS.items(), *MANAGED.items())
        self._region_at = {settings.addresses([octets])[0]: region for region, (_, octets) in served}

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        """Without SNI nothing; a host's own where SparkPost manages its HTTPS; else the endpoints' certificate.

        A host that stands at an endpoint of the old kind is shown its own here, too: a handshake does not say where it arrived.
        """
        if not server_name:
            return Refusal.CLOSE
        held = self._store.get(CERTIFICATE_KIND, server_name.lower())
        if held is not None:
            return server_context(Identity.from_document(held))
        names = [name for name, _ in (*ENDPOINTS.values(), *MANAGED.values())]
        return server_context(kept_identity(self._settings, self._store, "origin/spgo.io", names))

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        transport = request.transport
        address = transport.get_extra_info("sockname")[0] if transport is not None else ""
        try:
            viewer = await read_viewer(request, connection)
        except BodyTooLongError:
            return respond(OriginAnswer(413, "Payload Too Large", (_PLAIN,), b""), method=request.method, add=[_SERVER])
        return respond(self._answer(viewer, self._region_at.get(address, "")), method=viewer.method, add=[_SERVER])

    def _answer(self, viewer: Viewer, region: str) -> OriginAnswer:
        if viewer.method == "OPTIONS":
            return OriginAnswer(405, "Method Not Allowed", (_PLAIN, _NOINDEX), b"")
        if viewer.path == "/robots.txt":
            return OriginAnswer(200, "OK", (_PLAIN,), b"User-Agent: *\nDisallow: /\n")
        tracked = _TRACKED.fullmatch(viewer.path)
        host = next((without_port(value) for value in viewer.values("x-forwarded-host")), viewer.host)
        if tracked is None or (self._store.get(DOMAIN_KIND, host) or {}).get("region") != region:
            return OriginAnswer(404, "Not Found", (_PLAIN,), b"")
        link = self._store.get(CLICK_KIND, tracked["token"])
        told = replace(viewer, authority=host)
        if tracked["kind"] == "q":
            if link is not None:
                self._clicks.record("sparkpost", "open", told)
            return OriginAnswer(200, "OK", (("Content-Type", "image/gif"),), _PIXEL)
        url = (link["url"] or next(iter(parse_qs(viewer.query or "").get("target", [])), "")) if link else ""
        if not url:
            return OriginAnswer(302, "Moved Temporarily", (_PLAIN,), b"")
        self._clicks.record("sparkpost", "click", told)
        return OriginAnswer(302, "Moved Temporarily", (_PLAIN, _NOINDEX, ("Location", url)), b"")
