"""What each kind of object must be, and what is filled in where nothing is said: one small function for each collection.

Sources: docs.cloud.google.com/compute/docs/reference/rest/v1, docs.cloud.google.com/load-balancing/docs/backend-service.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from linkproof_lab.edges.gcp.control_plane.objects import Objects, path_of
from linkproof_lab.settings import LabSettings
from linkproof_lab.vendors.gcp.control_plane.contract import Document, GcpError

_MANAGED: Final = "EXTERNAL_MANAGED"
_MOST_URL_MAP_OCTETS = 1_000_000
_RETRIED = frozenset(
    {
        "5xx", "gateway-error", "connect-failure", "retriable-4xx", "refused-stream", "cancelled", "deadline-exceeded",
        "internal", "resource-exhausted", "unavailable",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckedWith:
    """What else there is."""

    settings: LabSettings
    objects: Objects


def _invalid(field: str, value: object) -> GcpError:
    return GcpError(400, f"Invalid value for field 'resource.{field}': '{value}'.", "invalid")


def _one_of(doc: Document, field: str, *values: str) -> None:
    if doc.get(field) not in (*values, None):
        raise _invalid(field, doc[field])


def address(doc: Document, path: str, world: CheckedWith) -> Document:
    """It gets an address that no other has, and keeps it."""
    doc = {"addressType": "EXTERNAL", "ipVersion": "IPV4", **doc}
    _one_of(doc, "ipVersion", "IPV4", "IPV6")
    _one_of(doc, "addressType", "EXTERNAL")
    if "address" in doc:
        return doc
    taken = {one["address"] for one in _all(world, "addresses")}
    of_family = world.settings.edge_addresses("gcp")
    if doc["ipVersion"] == "IPV6":  # the lab has one address of IPv6 alone, which is a name server's
        of_family = tuple(f"2001:db8:61::{n}" for n in range(1, 9))
    free = [one for one in of_family if one not in taken]
    if not free:
        raise GcpError(403, f"Quota 'STATIC_ADDRESSES' exceeded. Limit: {len(of_family)}.0 globally.", "quotaExceeded")
    return {**doc, "address": free[0], "status": "RESERVED"}


def endpoint_group(doc: Document, path: str, world: CheckedWith) -> Document:
    _one_of(doc, "networkEndpointType", "INTERNET_FQDN_PORT", "INTERNET_IP_PORT")
    if "networkEndpointType" not in doc:
        raise _invalid("networkEndpointType", "")
    return doc


def backend_service(doc: Document, path: str, world: CheckedWith) -> Document:
    """Of an internet endpoint group: HTTP, HTTPS or HTTP2, and no health check."""
    # the API's own default scheme is EXTERNAL; the provider says EXTERNAL_MANAGED unless it is told otherwise
    doc = {"protocol": "HTTP", "loadBalancingScheme": "EXTERNAL", "timeoutSec": 30, "enableCDN": False, **doc}
    _one_of(doc, "protocol", "HTTP", "HTTPS", "HTTP2")
    _one_of(doc, "compressionMode", "DISABLED", "AUTOMATIC")
    if doc.get("healthChecks"):
        raise _invalid("healthChecks", doc["healthChecks"])
    return doc


def url_map(doc: Document, path: str, world: CheckedWith) -> Document:
    action = doc.get("defaultRouteAction")
    if (
        not doc.get("defaultService")
        and not doc.get("defaultUrlRedirect")
        and not (action or {}).get("weightedBackendServices")
    ):
        raise _invalid("defaultService", "")
    matchers = {one.get("name") for one in doc.get("pathMatchers") or ()}
    hosts = [host for rule in doc.get("hostRules") or () for host in rule.get("hosts") or ()]
    for rule in doc.get("hostRules") or ():
        if rule.get("pathMatcher") not in matchers:
            raise _invalid("hostRules.pathMatcher", rule.get("pathMatcher"))
    if len(set(hosts)) != len(hosts):
        raise _invalid("hostRules.hosts", "a host stands in two rules")
    for one in doc.get("pathMatchers") or ():
        retry = (one.get("defaultRouteAction") or {}).get("retryPolicy") or {}
        if not _RETRIED.issuperset(retry.get("retryConditions") or ()) or retry.get("numRetries", 1) < 1:
            raise _invalid("pathMatchers.defaultRouteAction.retryPolicy", retry)
    if len(json.dumps(doc)) > _MOST_URL_MAP_OCTETS:
        raise GcpError(413, "The URL map is larger than 1 MB.", "requestTooLarge")
    return doc


def https_proxy(doc: Document, path: str, world: CheckedWith) -> Document:
    if not doc.get("certificateMap") and not doc.get("sslCertificates"):
        raise _invalid("sslCertificates", "")
    _one_of(doc, "tlsEarlyData", "DISABLED", "STRICT", "PERMISSIVE", "UNRESTRICTED")
    return doc


def http_proxy(doc: Document, path: str, world: CheckedWith) -> Document:
    return doc


def forwarding_rule(doc: Document, path: str, world: CheckedWith) -> Document:
    """One port of one address leads to one proxy, and scheme and proxy fit."""
    doc = {"loadBalancingScheme": "EXTERNAL", "IPProtocol": "TCP", "networkTier": "PREMIUM", **doc}
    if doc["loadBalancingScheme"] != _MANAGED:
        raise GcpError(400, "The lab plays EXTERNAL_MANAGED load balancers alone.", "invalid")
    if doc.get("IPAddress") not in {one["address"] for one in _all(world, "addresses")}:
        raise _invalid("IPAddress", doc.get("IPAddress"))
    ports = str(doc.get("portRange", ""))
    first, _, last = ports.partition("-")
    if not first.isdecimal() or last not in ("", first):
        raise _invalid("portRange", ports)
    doc["portRange"] = f"{first}-{first}"
    target = path_of(doc.get("target")) or ""
    if "/targetHttpsProxies/" not in target and "/targetHttpProxies/" not in target:
        raise _invalid("target", doc.get("target"))
    for other in _all(world, "forwardingRules"):
        same = (other["IPAddress"], other["portRange"]) == (doc["IPAddress"], doc["portRange"])
        if same and not str(other["selfLink"]).endswith(path):
            raise GcpError(
                400, f"Specified IP address {doc['IPAddress']} and port are in use.", "resourceInUseByAnotherResource"
            )
    return doc


def _all(world: CheckedWith, collection: str) -> list[Document]:
    """Of every project: addresses are Google's."""
    return world.objects.everywhere(collection)


CHECKS: Final[dict[str, Callable[[Document, str, CheckedWith], Document]]] = {
    "addresses": address,
    "networkEndpointGroups": endpoint_group,
    "backendServices": backend_service,
    "urlMaps": url_map,
    "targetHttpsProxies": https_proxy,
    "targetHttpProxies": http_proxy,
    "forwardingRules": forwarding_rule,
}
