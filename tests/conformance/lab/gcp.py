"""Google Cloud: the load balancer of a plan, through the lab's own API, and a certificate that is issued."""

from __future__ import annotations

import re
from typing import Any

from linkproof.edges.gcp import items
from linkproof.edges.gcp.url_map import arguments
from linkproof.plan.model import Plan
from linkproof_lab import ca
from linkproof_lab.edges.gcp.control_plane.compute import Compute
from linkproof_lab.edges.gcp.control_plane.objects import CERTIFICATES
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.gcp.control_plane.contract import GcpCall

from tests.conformance.conftest import HOST

_PROJECT = "one"
_MAP = f"projects/{_PROJECT}/locations/global/certificateMaps/one"
# The API's words, where they are not the SDK's in another spelling.
_API = {"requestHeadersToAdds": "requestHeadersToAdd", "requestHeadersToRemoves": "requestHeadersToRemove"}


def deploy(plan: Plan, settings: LabSettings, store: Store) -> None:
    compute = Compute(settings, store)

    def call(method: str, *path: str, **body: Any) -> Any:
        return compute.answer(GcpCall(method, "compute", _PROJECT, ["global", *path], {}, body))

    def made(collection: str, item: items.GoogleObject, **body: Any) -> str:
        name = re.sub("[^a-z0-9]+", "-", item.resource)
        call("POST", collection, name=name, loadBalancingScheme="EXTERNAL_MANAGED", **body)
        return f"projects/{_PROJECT}/global/{collection}/{name}"

    def of(kind: type) -> list[Any]:
        return [item for item in plan.items if isinstance(item, kind)]

    endpoints = {one.resource: {"fqdn": one.origin, "port": one.port} for one in of(items.Endpoint)}
    groups = {
        one.resource: made("networkEndpointGroups", one, networkEndpointType="INTERNET_FQDN_PORT")
        for one in of(items.EndpointGroup)
    }
    for resource, path in groups.items():
        name = path.rpartition("/")[2]
        call("POST", "networkEndpointGroups", name, "attachNetworkEndpoints", networkEndpoints=[endpoints[resource]])
    backends = {
        one.resource: made(
            "backendServices",
            one,
            protocol=one.protocol,
            timeoutSec=one.timeout_seconds,
            enableCDN=one.cdn,
            compressionMode="DISABLED",
            backends=[{"group": groups[one.group]}],
        )
        for one in of(items.Backend)
    }
    (url_map,) = (made("urlMaps", one, **_worded(arguments(one, backends))) for one in of(items.UrlMap))
    _certificate(settings, store)
    targets = {443: "targetHttpsProxies", 80: "targetHttpProxies"}
    link = f"//certificatemanager.googleapis.com/{_MAP}"
    proxies = {
        443: [made(targets[443], one, urlMap=url_map, certificateMap=link) for one in of(items.HttpsProxy)],
        80: [made(targets[80], one, urlMap=url_map) for one in of(items.HttpProxy)],
    }
    addresses = {
        one.resource: call("GET", *made("addresses", one, ipVersion=f"IPV{one.family}").split("/")[3:])["address"]
        for one in of(items.Address)
    }
    for one in of(items.ForwardingRule):
        (target,) = proxies[one.port]
        made("forwardingRules", one, IPAddress=addresses[one.address], portRange=str(one.port), target=target)


def _certificate(settings: LabSettings, store: Store) -> None:
    issued = ca.issue(settings, [HOST], key="ec256")
    pem = {"cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem, "key_pem": issued.key_pem}
    certificate = f"projects/{_PROJECT}/locations/global/certificates/one"
    store.put(CERTIFICATES, certificate, {"pem": pem})
    store.put(CERTIFICATES, _MAP, {})
    store.put(CERTIFICATES, f"{_MAP}/certificateMapEntries/one", {"hostname": HOST, "certificates": [certificate]})


def _worded(value: Any) -> Any:
    """In the API's spelling."""
    if isinstance(value, dict):
        return {_spelled(key): _worded(inner) for key, inner in value.items()}
    return [_worded(one) for one in value] if isinstance(value, list) else value


def _spelled(name: str) -> str:
    first, *rest = name.split("_")
    word = first + "".join(part.title() for part in rest)
    return _API.get(word, word)
