"""The answers that Fastly makes by itself."""

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

# fastly.com/documentation/guides/vcl/errors: the reason of a 503, which HTTP/1.1 shows.
_REASONS: dict[type[OriginError], str] = {
    OriginNameError: "No healthy IP available for the backend",
    OriginAnswerError: "backend read error",
    OriginRefusedError: "Connection refused",
    OriginTimeoutError: "first byte timeout",
    OriginTlsError: "SSL handshake error",
    OriginCertificateError: "hostname doesn't match against certificate",
}


def unknown_domain(host: str) -> OriginAnswer:
    """github.com/EdOverflow/can-i-take-over-xyz/issues/22."""
    text = f"Fastly error: unknown domain: {host}. Please check that this domain has been added to a service.\n"
    return _page(500, "Domain Not Found", "text/html", text, (("Server", "Varnish"), ("Retry-After", "0")))


def misdirected() -> OriginAnswer:
    """github.com/http-kit/http-kit/issues/525."""
    text = (
        "Requested host does not match any Subject Alternative Names (SANs) on TLS certificate in use with this connection.\n\n"
        "Visit https://docs.fastly.com/en/guides/common-400-errors#error-421-misdirected-request for more information.\n"
    )
    return _page(421, "Misdirected Request", "text/plain; charset=utf-8", text, ())


def for_origin_error(problem: OriginError, server: str) -> OriginAnswer:
    return error(503, _REASONS[type(problem)], server)


def error(status: int, reason: str, server: str) -> OriginAnswer:
    """vcl_error without a page of one's own; "Guru Mediation" is Fastly's spelling."""
    text = (
        f"<html><head><title>{status} {reason}</title></head><body>\n<h1>Error {status} {reason}</h1>\n<p>{reason}</p>\n"
        f"<h3>Guru Mediation:</h3>\n<p>Details: {server} 0 0</p>\n<hr>\n<p>Varnish cache server</p>\n</body></html>\n"
    )
    return _page(status, reason, "text/html; charset=utf-8", text, (("Server", "Varnish"), ("Retry-After", "0")))


def redirect(location: str) -> OriginAnswer:
    """`error 801 "Force SSL"`, where a request setting forces TLS."""
    return OriginAnswer(301, "Moved Permanently", (("Location", location), ("Server", "Varnish")), b"")


def _page(status: int, reason: str, kind: str, text: str, headers: tuple[tuple[str, str], ...]) -> OriginAnswer:
    return OriginAnswer(status, reason, (*headers, ("Content-Type", kind)), text.encode())
