"""`GET /c/<anything>` on a known host redirects and is counted; any other host or path is 404 with a mark of its own."""

from __future__ import annotations

import ssl

from aiohttp import web
from linkproof_lab.web.contexts import server_context
from linkproof_lab.web.contract import OriginContext, WebHost
from linkproof_lab.web.kept import kept_identity
from linkproof_lab.web.listener import Connection, Refusal
from linkproof_lab.web.origin import OriginAnswer
from linkproof_lab.web.viewer import read_viewer, respond

HOST_KIND = "toy-sender-host"
_SERVER = ("Server", "toy-sender")


def origin(context: OriginContext) -> WebHost:
    return ToySender(context)


class ToySender:
    def __init__(self, context: OriginContext) -> None:
        self._context = context

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        """Always its own certificate, as SendGrid does."""
        names = ["toy-sender.example"]
        return server_context(kept_identity(self._context.settings, self._context.store, "origin/toy", names))

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        viewer = await read_viewer(request, connection)
        if self._context.store.get(HOST_KIND, viewer.host) is None:
            answer = _text(404, "toy sender: unknown host")
        elif viewer.path.startswith("/c/"):
            self._context.clicks.record("toy", "click", viewer)
            answer = OriginAnswer(302, "Found", (("Location", "https://www.example.com/welcome"),), b"")
        else:
            answer = _text(404, "toy sender: unknown link")
        return respond(answer, method=viewer.method, add=[_SERVER])


def _text(status: int, text: str) -> OriginAnswer:
    return OriginAnswer(status, "Not Found", (("Content-Type", "text/plain"),), f"{text}\n".encode())
