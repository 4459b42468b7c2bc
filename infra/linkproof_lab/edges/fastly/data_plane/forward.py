"""From a viewer's request and a service to what the origin is asked, and how the answer is kept. Pure.

The order is that of the VCL that Fastly generates where a service has none of its own.
"""

from __future__ import annotations

from linkproof_lab.edges.fastly.control_plane.vcl import HeaderChange
from linkproof_lab.edges.fastly.data_plane.hosts import Backend, Service
from linkproof_lab.web.cache import CacheRule, directives, stated_lifetime
from linkproof_lab.web.origin import OriginAnswer, OriginRequest, OriginTls
from linkproof_lab.web.viewer import Exchange, Viewer

_LOOKED_UP = frozenset({"GET", "HEAD"})
# docs.fastly.com/en/guides/protected-headers: what Fastly writes itself.
_REPLACED = frozenset(
    {"x-forwarded-for", "x-forwarded-host", "x-forwarded-server", "fastly-client-ip", "x-varnish", "cdn-loop"}
)
_ERROR_SECONDS = 1.0
# Varnish's own list, RFC 9111 §4.2.2's heuristically cacheable ones.
_CACHED_STATUSES = frozenset({200, 203, 300, 301, 302, 404, 410})


def exchange_for(service: Service, backend: Backend, viewer: Viewer, server: str) -> Exchange:
    """What Fastly does with this request when no fault interferes."""
    looks_up = not service.passes and viewer.method in _LOOKED_UP
    host = backend.host or viewer.authority
    tls = None
    if backend.secure:
        accepted = (backend.certificate_name,) if backend.certificate_name else ()
        tls = OriginTls(backend.server_name, accepted)
    request = OriginRequest(
        # Varnish fetches what may be kept: a HEAD that misses is a GET at the origin
        method="GET" if looks_up else viewer.method,
        origin=backend.address,
        port=backend.port,
        tls=tls,
        host=host,
        path=viewer.path,
        query=viewer.query,
        headers=_headers(viewer, service.on_miss if looks_up else service.on_pass, server),
        body=viewer.body,
    )
    return Exchange(request, _cache_rule(service, viewer) if looks_up else None)


def asks_again(service: Service, viewer: Viewer, answer: OriginAnswer) -> bool:
    """vcl_fetch of the generated VCL: `if ((beresp.status == 500 || beresp.status == 503) && req.restarts < 1 && …) restart;`.

    A cache setting `pass` or `cache` returns before that line.
    """
    return not service.fetch and answer.status in (500, 503) and viewer.method in _LOOKED_UP


def _headers(viewer: Viewer, changed: tuple[HeaderChange, ...], server: str) -> tuple[tuple[str, str], ...]:
    headers = [(name, value) for name, value in viewer.end_to_end_headers() if name.lower() not in _REPLACED]
    headers += [
        ("X-Forwarded-For", ", ".join([*viewer.values("x-forwarded-for"), viewer.address])),
        ("X-Forwarded-Host", viewer.host),
        ("X-Forwarded-Server", server),
        ("Fastly-Client-IP", viewer.address),
        ("CDN-Loop", "Fastly"),
    ]
    for change in changed:
        headers = [(name, value) for name, value in headers if name.lower() != change.name.lower()]
        if change.value is not None:
            headers.append((change.name, viewer.authority if change.is_host else change.value))
    return tuple(headers)


def _cache_rule(service: Service, viewer: Viewer) -> CacheRule:
    # vcl_hash: req.url, which has the query, and req.http.host
    key = ("fastly", service.id, viewer.host, viewer.path, viewer.query)
    return CacheRule(key, lambda answer: _seconds(service, answer))


def _seconds(service: Service, answer: OriginAnswer) -> float:
    if service.fetch == "pass":
        return 0.0
    if service.cache_seconds is not None:
        return service.cache_seconds
    if answer.header("set-cookie") is not None or "private" in directives(answer):
        return 0.0
    if answer.status in (500, 503):
        return _ERROR_SECONDS
    if answer.status not in _CACHED_STATUSES:
        return 0.0
    stated = stated_lifetime(answer)
    # `no-store` and `no-cache` say nothing to Fastly (docs.fastly.com, "Cache-Control")
    if stated is None or (stated == 0.0 and not {"max-age", "s-maxage"} & directives(answer).keys()):
        return service.default_seconds
    return stated
