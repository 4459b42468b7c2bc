"""From a client's request and its way to what the origin is asked. Pure.

Host stays the client's unless it is rewritten; SNI is the endpoint's name, which its certificate must have
(docs.cloud.google.com/load-balancing/docs/negs/internet-neg-concepts).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof_lab.edges.gcp.data_plane.serving import Way
from linkproof_lab.web.origin import OriginRequest, OriginTls
from linkproof_lab.web.viewer import Viewer

# Written by Google itself (docs.cloud.google.com/load-balancing/docs/https, "Target proxies").
_REPLACED = frozenset({"via", "x-forwarded-for", "x-forwarded-proto"})


def request_for(viewer: Viewer, way: Way, service: Mapping[str, Any], endpoint: Mapping[str, Any]) -> OriginRequest:
    """What Google does with this request when no fault interferes."""
    origin = str(endpoint["fqdn"])
    secure = service["protocol"] in ("HTTPS", "HTTP2")
    headers = dict(_custom(service))
    host = headers.pop("host", "") or str((way.action.get("urlRewrite") or {}).get("hostRewrite") or viewer.host)
    return OriginRequest(
        method=viewer.method,
        origin=origin,
        port=int(endpoint["port"]),
        tls=OriginTls(origin, (origin,)) if secure else None,
        host=host,
        path=viewer.path,
        query=viewer.query,
        headers=_headers(viewer, way, headers),
        body=viewer.body,
    )


def _headers(viewer: Viewer, way: Way, custom: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    added = [(str(one["headerName"]), str(one["headerValue"]), bool(one.get("replace"))) for one in _added(way)]
    replaced = {name.lower() for name, _, replaces in added if replaces}
    removed = {str(name).lower() for name in way.headers.get("requestHeadersToRemove") or ()}
    gone = _REPLACED | replaced | removed | {name.lower() for name in custom}
    headers = [(name, value) for name, value in viewer.end_to_end_headers() if name.lower() not in gone]
    headers += [(name, value) for name, value, _ in added]
    headers += list(custom.items())
    headers += [
        ("X-Forwarded-For", ", ".join([*viewer.values("x-forwarded-for"), viewer.address])),
        ("X-Forwarded-Proto", viewer.scheme),
        ("Via", ", ".join([*viewer.values("via"), "1.1 google"])),
    ]
    return tuple(headers)


def _added(way: Way) -> list[Mapping[str, Any]]:
    return list(way.headers.get("requestHeadersToAdd") or ())


def _custom(service: Mapping[str, Any]) -> list[tuple[str, str]]:
    """`customRequestHeaders`: `Name: value`. Host is known by its lower case."""
    pairs = [str(line).partition(":") for line in service.get("customRequestHeaders") or ()]
    return [("host" if name.strip().lower() == "host" else name.strip(), value.strip()) for name, _, value in pairs]
