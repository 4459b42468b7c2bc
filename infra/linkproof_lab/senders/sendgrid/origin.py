"""Answers as SendGrid's click and open servers do (`sendgrid.net`)."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable
from urllib.parse import parse_qs

from aiohttp import web

from linkproof_lab.senders.sendgrid.control_plane.events import add_event
from linkproof_lab.senders.sendgrid.links import CERTIFICATE_KIND, CLICK_KIND, FILES_KIND, HOST_KIND
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.web.clicks import ClickLog
from linkproof_lab.web.contexts import Identity, server_context
from linkproof_lab.web.contract import OriginContext, WebHost
from linkproof_lab.web.kept import kept_identity
from linkproof_lab.web.listener import Connection, Refusal
from linkproof_lab.web.origin import OriginAnswer
from linkproof_lab.web.viewer import BodyTooLongError, Viewer, read_viewer, respond

# What SendGrid writes here is not known; a verifier must not lean on it.
_SERVER = ("Server", "lab")
_HTML = (("Content-Type", "text/html; charset=utf-8"),)
_CLICK_PATHS = frozenset({"/ls/click", "/wf/click", "/uni/ls/click", "/uni/wf/click"})
_OPEN_PATH = "/wf/open"
_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def origin(context: OriginContext) -> WebHost:
    return SendGridOrigin(context.settings, context.store, context.clicks)


class SendGridOrigin:
    """One server for all accounts: it tells links apart by Host and token only."""

    def __init__(self, settings: LabSettings, store: Store, clicks: ClickLog) -> None:
        self._settings = settings
        self._store = store
        self._clicks = clicks

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        """A host's own with Auto SSL. Else SendGrid's: a branded host reached over TLS without a CDN shows a wrong name."""
        held = self._store.get(CERTIFICATE_KIND, server_name.lower()) if server_name else None
        if held is not None:
            return server_context(Identity.from_document(held))
        names = ["sendgrid.net", "*.sendgrid.net"]
        return server_context(kept_identity(self._settings, self._store, "origin/sendgrid.net", names))

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        try:
            viewer = await read_viewer(request, connection)
        except BodyTooLongError:
            return respond(_page(413, "Too Large", ""), method=request.method, add=[_SERVER])
        return respond(self._answer(viewer), method=viewer.method, add=[_SERVER])

    def _answer(self, viewer: Viewer) -> OriginAnswer:
        answers: dict[str, Callable[[Viewer], OriginAnswer]] = dict.fromkeys(_CLICK_PATHS, self._click)
        answers[_OPEN_PATH] = self._open
        answer = answers.get(viewer.path)
        if answer is None:
            return self._file(viewer)
        if not (self._store.get(HOST_KIND, viewer.host) or {}).get("valid"):
            return _bad_hostname()
        return answer(viewer)

    def _click(self, viewer: Viewer) -> OriginAnswer:
        token = _token(viewer)
        link = self._store.get(CLICK_KIND, token) if token else None
        if link is None:
            return _wrong_link()
        self._clicks.record("sendgrid", "click", viewer)
        add_event(self._store, "click", viewer, link["url"])
        return OriginAnswer(302, "Found", (*_HTML, ("Location", link["url"])), b"")

    def _open(self, viewer: Viewer) -> OriginAnswer:
        token = _token(viewer)
        # What a bad token gets is not known; the lab answers as for a click.
        if not token or self._store.get(CLICK_KIND, token) is None:
            return _wrong_link()
        self._clicks.record("sendgrid", "open", viewer)
        add_event(self._store, "open", viewer, None)
        return OriginAnswer(200, "OK", (("Content-Type", "image/gif"),), _PIXEL)

    def _file(self, viewer: Viewer) -> OriginAnswer:
        """Universal links' files: a document of kind `sendgrid-files` per host, from path to the text of the file."""
        files = self._store.get(FILES_KIND, viewer.host) or {}
        if viewer.path in files:
            return OriginAnswer(200, "OK", (("Content-Type", "application/json"),), str(files[viewer.path]).encode())
        return _page(404, "Not Found", "")


def _token(viewer: Viewer) -> str:
    return next(iter(parse_qs(viewer.query or "").get("upn", [])), "")


def _wrong_link() -> OriginAnswer:
    # The title is known, the status is not: nobody has written it down. The lab chose 404; decide on the body alone.
    return _page(404, "Wrong Link", "You have clicked on an invalid link.")


def _bad_hostname() -> OriginAnswer:
    # Status unknown as above.
    return _page(404, "Bad Hostname in Link", "You have clicked on a link that contains a bad hostname.")


def _page(status: int, title: str, text: str) -> OriginAnswer:
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>\n"
    return OriginAnswer(status, "Not Found" if status == 404 else title, _HTML, body.encode())
