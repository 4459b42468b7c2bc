"""One CloudFront for all its edge addresses: chooses the certificate, judges the request, forwards it."""

from __future__ import annotations

import logging
import secrets
import ssl
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from linkproof_lab.edges.cloudfront.data_plane import pages
from linkproof_lab.edges.cloudfront.data_plane.config import Distribution
from linkproof_lab.edges.cloudfront.data_plane.distributions import Distributions
from linkproof_lab.edges.cloudfront.data_plane.forward import exchange_for
from linkproof_lab.web.cache import AnswerCache
from linkproof_lab.web.contexts import Identity, server_context
from linkproof_lab.web.errors import OriginError, OriginTimeoutError
from linkproof_lab.web.faults import EdgeFaults
from linkproof_lab.web.listener import Connection, Refusal
from linkproof_lab.web.names import port_suffix
from linkproof_lab.web.origin import OriginAnswer, OriginRequest, Origins
from linkproof_lab.web.viewer import BodyTooLongError, Viewer, read_viewer, respond

_log = logging.getLogger(__name__)
_OWN_DOMAIN = ".cloudfront.net"

CertificateFor = Callable[[str], dict[str, Any] | None]


class CloudFrontEdge:
    """Args:
    certificate_for: from a certificate's ARN to its PEM parts, None when there is no such issued certificate.
    own_identity: the `*.cloudfront.net` certificate.
    https_port: of the lab, for redirects to viewers who came with a port.
    count: is told account and distribution of every request that came to one, whatever is answered.
    """

    def __init__(
        self,
        distributions: Distributions,
        certificate_for: CertificateFor,
        origins: Origins,
        faults: EdgeFaults,
        own_identity: Callable[[], Identity],
        https_port: int,
        count: Callable[[str, str], None],
    ) -> None:
        self._distributions = distributions
        self._certificate_for = certificate_for
        self._origins = origins
        self._faults = faults
        self._own_identity = own_identity
        self._https_port = https_port
        self._count = count
        self._cache = AnswerCache()

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        """For an unknown name the default certificate is shown.

        AWS documents a dropped handshake there, while two diagnoses in public saw `*.cloudfront.net`; the latter gives
        a verifier more to explain, so the lab does that.
        """
        host = server_name or ""
        if self._faults.closes("https", host):
            return Refusal.CLOSE
        regular = self._identity(self._distributions.for_host(host), host) or self._own_identity()
        return server_context(self._faults.identity(host, regular) or regular)

    def _identity(self, distribution: Distribution | None, host: str) -> Identity | None:
        if distribution is None or distribution.certificate_arn is None or host == distribution.domain:
            return None
        certificate = self._certificate_for(distribution.certificate_arn)
        return Identity.from_document(certificate, distribution.minimum) if certificate else None

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        request_id = secrets.token_urlsafe(42)
        via = f"1.1 {secrets.token_hex(16)}.cloudfront.net (CloudFront)"
        extra = [("Via", via), ("X-Amz-Cf-Pop", "LAB1-P1"), ("X-Amz-Cf-Id", request_id)]
        try:
            viewer = await read_viewer(request, connection)
        except BodyTooLongError:
            answer = pages.page(413, pages.TOO_LARGE, request_id)
            return respond(answer, method=request.method, add=[*extra, ("X-Cache", "Error from cloudfront")])
        if self._faults.closes(connection.scheme, viewer.host) and request.transport is not None:
            request.transport.abort()
            return web.Response()
        answer, mark = await self._answer(viewer, request_id, via)
        return respond(answer, method=viewer.method, add=[*extra, *mark])

    async def _answer(self, viewer: Viewer, request_id: str, via: str) -> tuple[OriginAnswer, list[tuple[str, str]]]:
        """The answer, with the headers that tell how it came about."""
        error = [("X-Cache", "Error from cloudfront")]
        status = await self._faults.status(viewer.host)
        if status is not None:
            return pages.page(status, pages.UNREACHABLE, request_id), error
        distribution = self._distributions.for_host(viewer.host)
        if distribution is None:
            return pages.page(403, pages.BAD_REQUEST, request_id), error
        self._count(distribution.account, distribution.counts_for)
        if viewer.scheme == "https" and not self._certificate_fits(viewer, distribution):
            return pages.page(421, pages.MISDIRECTED, request_id), error
        if viewer.scheme == "http" and distribution.viewer_protocol_policy == "redirect-to-https":
            return pages.redirect(self._secure_url(viewer)), [("X-Cache", "Redirect from cloudfront")]
        if viewer.scheme == "http" and distribution.viewer_protocol_policy == "https-only":
            return pages.page(403, pages.BAD_REQUEST, request_id), error
        if viewer.method not in distribution.allowed_methods:
            return pages.page(403, pages.BLOCKED_METHOD, request_id), error
        return await self._forward(viewer, distribution, request_id, via)

    async def _forward(
        self, viewer: Viewer, distribution: Distribution, request_id: str, via: str
    ) -> tuple[OriginAnswer, list[tuple[str, str]]]:
        exchange = self._faults.exchange(viewer.host, exchange_for(distribution, viewer, request_id, via))
        if exchange.cache:
            kept = self._cache.get(exchange.cache.key, time.monotonic())
            if kept:
                mark = "Error" if kept.answer.status >= 400 else "Hit"
                return kept.answer, [("X-Cache", f"{mark} from cloudfront"), ("Age", str(kept.age_seconds))]
        answer = await self._asked(exchange.request, viewer, request_id)
        if exchange.cache:
            self._cache.put(exchange.cache, answer, time.monotonic())
        # The mark of an error also rides on errors that the origin made; only Server tells them apart.
        return answer, [("X-Cache", "Error from cloudfront" if answer.status >= 400 else "Miss from cloudfront")]

    async def _asked(self, request: OriginRequest, viewer: Viewer, request_id: str) -> OriginAnswer:
        """The origin's answer; one that does not come is an error like one that it gave."""
        try:
            return await self._origins.ask(request)
        except OriginTimeoutError as problem:
            _log.info("%s: %s", viewer.host, problem)
            return pages.page(504, pages.UNREACHABLE, request_id)
        except OriginError as problem:
            _log.info("%s: %s", viewer.host, problem)
            return pages.page(502, pages.UNREACHABLE, request_id)

    def _certificate_fits(self, viewer: Viewer, distribution: Distribution) -> bool:
        shown = self._distributions.for_host(viewer.connection.server_name or "")
        if shown is None:
            return viewer.host.endswith(_OWN_DOMAIN)
        return shown.id == distribution.id

    def _secure_url(self, viewer: Viewer) -> str:
        port = f":{self._https_port}" if port_suffix(viewer.authority) else ""
        query = "" if viewer.query is None else f"?{viewer.query}"
        return f"https://{viewer.host}{port}{viewer.path}{query}"
