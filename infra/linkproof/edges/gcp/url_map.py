"""A URL map as the engine's provider takes it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from linkproof.edges.gcp.items import Route, UrlMap

# As the Gateway controller of Google's own Kubernetes does it for a host that nobody has asked for.
NOBODYS = {"fault_injection_policy": {"abort": {"http_status": 404, "percentage": 100}}}


def arguments(url_map: UrlMap, backends: Mapping[str, Any]) -> dict[str, Any]:
    """What it takes beside its name.

    Args:
        backends: by the `resource` of a backend service, its link.
    """
    return {
        # A URL map must have a default service; no request reaches it, for the action before it ends each one.
        "default_service": backends[url_map.routes[0].backend],
        "default_route_action": NOBODYS,
        "host_rules": [{"hosts": list(route.hosts), "path_matcher": name_of(route)} for route in url_map.routes],
        "path_matchers": [_matcher(route, url_map, backends) for route in url_map.routes],
    }


def name_of(route: Route) -> str:
    """Of its path matcher, made from what it does."""
    what = "\n".join((route.origin, route.host_rewrite, route.forwarded_host, *route.removed_headers))
    return f"route-{hashlib.sha256(what.encode()).hexdigest()[:12]}"


def _matcher(route: Route, url_map: UrlMap, backends: Mapping[str, Any]) -> dict[str, Any]:
    # Said here, whatever Google does where nothing is said: a click that was counted and is sent once more would be counted twice.
    action: dict[str, Any] = {"retry_policy": {"num_retries": 1, "retry_conditions": list(url_map.retried_on)}}
    if route.host_rewrite:
        action["url_rewrite"] = {"host_rewrite": route.host_rewrite}
    headers: dict[str, Any] = {}
    if route.removed_headers:
        headers["request_headers_to_removes"] = list(route.removed_headers)
    if route.forwarded_host:
        headers["request_headers_to_adds"] = [
            {"header_name": "X-Forwarded-Host", "header_value": route.forwarded_host, "replace": True}
        ]
    return {
        "name": name_of(route),
        "description": route.origin,
        "default_service": backends[route.backend],
        "default_route_action": action,
        **({"header_action": headers} if headers else {}),
    }
