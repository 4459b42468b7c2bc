"""Answers as the tracking servers of Amazon SES do (`r.<region>.awstrack.me`).

What is documented or was seen: the favicon's headers, 400 for more than 8,192 octets of headers, 400 where the Host is not a
redirect domain, 302 for a click. What a bad token and an unknown path get is not known; the lab answers 400 and 404.
"""

from __future__ import annotations

import base64
import re
import ssl
from urllib.parse import unquote

from aiohttp import web

from linkproof_lab.senders.ses.control_plane.publishing import Publisher, now
from linkproof_lab.senders.ses.facts import REGIONS
from linkproof_lab.senders.ses.links import CLICK_KIND, HOST_KIND
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.web.clicks import ClickLog
from linkproof_lab.web.contexts import server_context
from linkproof_lab.web.contract import OriginContext, WebHost
from linkproof_lab.web.kept import kept_identity
from linkproof_lab.web.listener import Connection, Refusal
from linkproof_lab.web.origin import OriginAnswer
from linkproof_lab.web.viewer import BodyTooLongError, Viewer, read_viewer, respond

_MOST_HEADER_OCTETS = 8192
_TRACKED = re.compile(r"/(CL0|CI0)/(?:(?P<url>[^/]+)/)?1/(?P<token>[0-9a-f]{32})/[^/]+")
_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def origin(context: OriginContext) -> WebHost:
    return SesOrigin(context.settings, context.store, context.clicks)


class SesOrigin:
    """One server for each region, which knows the redirect domains of its own region only."""

    def __init__(self, settings: LabSettings, store: Store, clicks: ClickLog) -> None:
        self._settings = settings
        self._store = store
        self._clicks = clicks
        self._publisher = Publisher(settings, store)
        self._region_at = {settings.addresses([octets])[0]: region for region, octets in REGIONS.items()}

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        """Always SES's own certificate: a redirect domain reached over TLS without a CDN shows a wrong name."""
        names = [f"r.{region}.awstrack.me" for region in REGIONS]
        return server_context(kept_identity(self._settings, self._store, "origin/awstrack.me", names))

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        transport = request.transport
        address = transport.get_extra_info("sockname")[0] if transport is not None else ""
        region = self._region_at.get(address, "")
        marks = [("x-amz-ses-region", region), ("x-amz-ses-request-protocol", connection.scheme)]
        try:
            viewer = await read_viewer(request, connection)
        except BodyTooLongError:
            return respond(OriginAnswer(413, "Payload Too Large", (), b""), method=request.method, add=marks)
        return respond(self._answer(viewer, region), method=viewer.method, add=marks)

    def _answer(self, viewer: Viewer, region: str) -> OriginAnswer:
        if sum(len(name) + len(value) + 4 for name, value in viewer.headers) > _MOST_HEADER_OCTETS:
            return _bad_request()
        if viewer.path == "/favicon.ico":
            return OriginAnswer(200, "OK", (("Content-Type", "image/x-icon"),), b"")
        tracked = _TRACKED.fullmatch(viewer.path)
        if tracked is None:
            return OriginAnswer(404, "Not Found", (), b"")
        known = self._store.get(CLICK_KIND, tracked["token"])
        is_attached = (self._store.get(HOST_KIND, viewer.host) or {}).get("region") == region
        is_own = viewer.host == f"r.{region}.awstrack.me"
        if known is None or not (is_attached or (is_own and known["message"])):
            return _bad_request()
        if tracked[1] == "CI0":
            self._clicks.record("ses", "open", viewer)
            self._publisher.publish(known["message"], "OPEN", _reader(viewer))
            return OriginAnswer(200, "OK", (("Content-Type", "image/gif"),), _PIXEL)
        url = unquote(tracked["url"] or "")
        if url != known["url"]:
            return _bad_request()  # an edge has decoded or merged the slashes of the path
        self._clicks.record("ses", "click", viewer)
        link = {"link": url, "linkTags": known["tags"] or None}
        self._publisher.publish(known["message"], "CLICK", {**_reader(viewer), **link})
        return OriginAnswer(302, "Found", (("Location", url),), b"")


def _reader(viewer: Viewer) -> dict[str, str]:
    """Who opened or clicked, as SES tells it."""
    agent = next(iter(viewer.values("user-agent")), "")
    return {"ipAddress": viewer.address, "timestamp": now(), "userAgent": agent}


def _bad_request() -> OriginAnswer:
    return OriginAnswer(400, "Bad Request", (("Content-Type", "text/plain"),), b"")
