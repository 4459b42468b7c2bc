"""From a viewer's request and its way to what the origin is asked, and how the answer is kept. Pure.

Which name is expected in the origin's certificate, and sent as SNI, Microsoft's pages do not agree on: here it is the origin's own, unless
`certificateNameCheckValidationMode` says `IncomingHostHeader` (learn.microsoft.com/azure/frontdoor/end-to-end-tls, …/frontdoor/origin).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof_lab.edges.azure.data_plane.serving import Way
from linkproof_lab.web.cache import CacheRule, stated_lifetime
from linkproof_lab.web.origin import OriginAnswer, OriginRequest, OriginTls
from linkproof_lab.web.viewer import Exchange, Viewer

# Written by Azure itself (learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol).
_REPLACED = frozenset({"via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-azure-clientip", "x-azure-socketip", "x-azure-ref", "x-azure-requestchain", "x-azure-fdid"})  # fmt: skip
_RESERVED = "x-fd-"
# Where the origin says nothing: "randomly between one and three days".
_DEFAULT_SECONDS = 86400.0
_CACHED_METHODS = frozenset({"GET", "HEAD"})
_CACHED_STATUSES = frozenset({200, 203, 206, 300, 301, 410, 416})


def exchange_for(viewer: Viewer, way: Way, origin: Mapping[str, Any], reference: str) -> Exchange:
    """What Azure does with this request when no fault interferes."""
    asked = way.route["forwardingProtocol"]
    secure = asked == "HttpsOnly" or (asked == "MatchRequest" and viewer.scheme == "https")
    name, host = str(origin["hostName"]), str(origin.get("originHostHeader") or viewer.authority)
    by_host = origin.get("certificateNameCheckValidationMode") == "IncomingHostHeader"
    expected = viewer.host if by_host else name
    request = OriginRequest(
        method=viewer.method,
        origin=name,
        port=int(origin["httpsPort"] if secure else origin["httpPort"]),
        tls=OriginTls(expected, (expected,) if origin["enforceCertificateNameCheck"] else ()) if secure else None,
        host=host,
        path=viewer.path,
        query=viewer.query,
        headers=_headers(viewer, way, reference),
        body=viewer.body,
    )
    caches = way.route.get("cacheConfiguration") and viewer.method in _CACHED_METHODS
    return Exchange(request, _cache_rule(way, viewer) if caches else None)


def _headers(viewer: Viewer, way: Way, reference: str) -> tuple[tuple[str, str], ...]:
    headers = [
        (name, value)
        for name, value in viewer.end_to_end_headers()
        if name.lower() not in _REPLACED and not name.lower().startswith(_RESERVED)
    ]
    headers += [
        ("Via", "1.1 Azure"),
        ("X-Forwarded-For", ", ".join([*viewer.values("x-forwarded-for"), viewer.address])),
        ("X-Forwarded-Host", viewer.host),
        ("X-Forwarded-Proto", viewer.scheme),
        ("X-Azure-ClientIP", viewer.address),
        ("X-Azure-SocketIP", viewer.address),
        ("X-Azure-Ref", reference),
        ("X-Azure-RequestChain", "hops=1"),
        ("X-Azure-FDID", way.front_door),
    ]
    for action in way.actions:
        name, value = str(action["headerName"]), str(action.get("value") or "")
        kept = [pair for pair in headers if pair[0].lower() != name.lower()]
        before = [pair[1] for pair in headers if pair[0].lower() == name.lower()]
        match action["headerAction"]:
            case "Delete":
                headers = kept
            case "Overwrite":
                headers = [*kept, (name, value)]
            case _:
                headers = [*kept, (name, "".join([*before, value]))]
    return tuple(headers)


def _cache_rule(way: Way, viewer: Viewer) -> CacheRule:
    behaviour = (way.route["cacheConfiguration"] or {}).get("queryStringCachingBehavior", "IgnoreQueryString")
    query = None if behaviour == "IgnoreQueryString" else viewer.query
    return CacheRule(("azure", way.id, viewer.host, viewer.path, query), _seconds)


def _seconds(answer: OriginAnswer) -> float:
    if answer.status not in _CACHED_STATUSES:
        return 0.0
    stated = stated_lifetime(answer)
    return _DEFAULT_SECONDS if stated is None else stated
