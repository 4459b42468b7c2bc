"""The answers that Cloudflare makes by itself, as a client without a browser sees them."""

from __future__ import annotations

from linkproof_lab.web.errors import (
    OriginAnswerError,
    OriginCertificateError,
    OriginError,
    OriginNameError,
    OriginRefusedError,
    OriginTimeoutError,
    OriginTlsError,
)
from linkproof_lab.web.origin import OriginAnswer

# Status and code for each failure of the origin (Cloudflare docs, "5xx errors" and "1xxx errors").
_BY_ERROR: dict[type[OriginError], tuple[int, int]] = {
    OriginNameError: (530, 1016),
    OriginAnswerError: (520, 520),
    OriginRefusedError: (521, 521),
    OriginTimeoutError: (522, 522),
    OriginTlsError: (525, 525),
    OriginCertificateError: (526, 526),
}
_REASONS = {409: "Conflict", 403: "Forbidden", 413: "Payload Too Large", 502: "Bad Gateway"}


def error(status: int, code: int) -> OriginAnswer:
    """`error code: N` in plain text."""
    # `cf-error-type` and `cf-error-origin` mark errors that Cloudflare made; their values are not known, so they are left out.
    headers = (("Content-Type", "text/plain; charset=UTF-8"), ("Cache-Control", "no-store"))
    return OriginAnswer(status, _REASONS.get(status, "Origin Error"), headers, f"error code: {code}".encode())


def for_origin_error(problem: OriginError) -> OriginAnswer:
    return error(*_BY_ERROR[type(problem)])


def redirect(location: str) -> OriginAnswer:
    """To HTTP, where TLS is switched off for the zone."""
    return OriginAnswer(301, "Moved Permanently", (("Location", location), ("Content-Type", "text/html")), b"")
