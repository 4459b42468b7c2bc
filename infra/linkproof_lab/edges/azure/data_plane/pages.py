"""The answers that Front Door makes by itself."""

from __future__ import annotations

from linkproof_lab.web.errors import OriginCertificateError, OriginError, OriginTlsError
from linkproof_lab.web.origin import OriginAnswer

_PAGE = "<!DOCTYPE html><html><head><title>{title}</title></head><body><h2>{title}</h2><p>{text}</p></body></html>"
_NOT_AVAILABLE = "Our services aren't available right now"
_NOT_FOUND = "We weren't able to find your Azure Front Door Service configuration"


def unknown_host() -> OriginAnswer:
    """Of a host that no route has, or whose domain is not validated."""
    return _page(
        404,
        "Not Found",
        "Page not found",
        f"Oops! {_NOT_FOUND}. If it's a new configuration that you recently created, it might not be ready yet.",
    )


def for_origin_error(problem: OriginError) -> OriginAnswer:
    """A certificate that is refused is a 502, what does not answer a 504; the status of a time-out is 503 in other pages of Microsoft's."""
    is_tls = isinstance(problem, OriginTlsError | OriginCertificateError)
    return error(502 if is_tls else 504, "Bad Gateway" if is_tls else "Gateway Timeout")


def error(status: int, reason: str) -> OriginAnswer:
    return _page(status, reason, _NOT_AVAILABLE, "We're working to restore all services as soon as possible.")


def redirect(location: str) -> OriginAnswer:
    """Of a route with `httpsRedirect`."""
    return OriginAnswer(307, "Temporary Redirect", (("Location", location),), b"")


def _page(status: int, reason: str, title: str, text: str) -> OriginAnswer:
    return OriginAnswer(status, reason, (("Content-Type", "text/html"),), _PAGE.format(title=title, text=text).encode())
