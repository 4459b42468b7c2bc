"""Answers as KARTE's first-party tracking host does (`cname.karte.io`)."""

from __future__ import annotations

import logging
import ssl
from pathlib import Path

from aiohttp import web

from linkproof_lab.senders.karte.customers import HOST_KIND
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.web.clicks import ClickLog
from linkproof_lab.web.contexts import Identity, server_context
from linkproof_lab.web.contract import OriginContext, WebHost
from linkproof_lab.web.kept import kept_identity
from linkproof_lab.web.listener import Connection, Refusal
from linkproof_lab.web.origin import OriginAnswer
from linkproof_lab.web.viewer import BodyTooLongError, read_viewer, respond

# What a tag talks to, and where its script comes from.
_ENDPOINTS = frozenset({"/track", "/chat", "/collection", "/general"})
_TRACKER = ("static.karte.io", "/libs/tracker.js")
_TRACKER_FILE = Path(__file__).with_name("tracker.js")
_log = logging.getLogger(__name__)
_SERVER = ("Server", "lab")


def origin(context: OriginContext) -> WebHost:
    return KarteOrigin(context.settings, context.store, context.clicks)


class KarteOrigin:
    """The certificate of each first-party host is the one that the customer uploaded for it, once the host is in use.

    A document without `state` is in use; `verifying` and `preparing` are shown KARTE's own certificate.
    """

    def __init__(self, settings: LabSettings, store: Store, clicks: ClickLog) -> None:
        self._settings = settings
        self._store = store
        self._clicks = clicks

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        uploaded = self._store.get(HOST_KIND, server_name) if server_name else None
        if uploaded is not None and uploaded.get("state", "in-use") == "in-use":
            try:
                return server_context(Identity.from_document(uploaded))
            except (ssl.SSLError, KeyError):
                _log.warning(
                    "%s %s: certificate and key cannot be used; the default one is shown", HOST_KIND, server_name
                )
        return server_context(kept_identity(self._settings, self._store, "origin/karte.io", ["*.karte.io"]))

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        """Every request is recorded: a verifier must never send one, for KARTE may count it or run a customer's code."""
        try:
            viewer = await read_viewer(request, connection)
        except BodyTooLongError:
            answer = OriginAnswer(413, "Payload Too Large", (), b"")
            return respond(answer, method=request.method, add=[_SERVER])
        self._clicks.record("karte", "request", viewer)
        if viewer.path in _ENDPOINTS:
            answer = OriginAnswer(200, "OK", (("Access-Control-Allow-Origin", "*"),), b"")
        elif (viewer.host, viewer.path) == _TRACKER:
            answer = OriginAnswer(200, "OK", (("Content-Type", "text/javascript"),), _TRACKER_FILE.read_bytes())
        else:
            answer = OriginAnswer(404, "Not Found", (("Content-Type", "text/plain"),), b"")
        return respond(answer, method=viewer.method, add=[_SERVER])
