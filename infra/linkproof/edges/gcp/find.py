"""Finding Google Cloud's objects by their names, and proving that they are the ones that this stack was creating."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.edges.gcp import items
from linkproof.ownership import is_marked

if TYPE_CHECKING:
    from linkproof.vendors.gcp.client import GcpClient

WITHOUT_OBJECT: frozenset[str] = frozenset()
# What Compute and Certificate Manager call the collections of each.
_COMPUTE = {
    items.ADDRESS: "addresses",
    items.GROUP: "networkEndpointGroups",
    items.BACKEND: "backendServices",
    items.URL_MAP: "urlMaps",
    items.HTTPS_PROXY: "targetHttpsProxies",
    items.HTTP_PROXY: "targetHttpProxies",
    items.FORWARDING_RULE: "forwardingRules",
}
_CERTIFICATE_MANAGER = {
    items.AUTHORIZATION: "dnsAuthorizations",
    items.CERTIFICATE: "certificates",
    items.CERTIFICATE_MAP: "certificateMaps",
}


def _named(base: Callable[[GcpClient], str], folder: str, collection: str) -> Finder:
    """Of a collection whose objects have names: one of that name, ours when its description has the mark that it was made with.

    Args:
        folder: between the project and the collection.
    """

    def finder(inputs: Mapping[str, Any], client: GcpClient) -> Iterator[Candidate]:
        id_ = f"projects/{client.project}/{folder}/{collection}/{inputs['name']}"
        found = client.find(base(client) + id_)
        if found is not None:
            yield Candidate(f"{collection}/{inputs['name']}", id_, _doubt(found, inputs))

    return finder


def entries(inputs: Mapping[str, Any], client: GcpClient) -> Iterator[Candidate]:
    """An entry is inside its certificate map."""
    parent = f"projects/{client.project}/locations/global/certificateMaps/{inputs['map']}"
    id_ = f"{parent}/certificateMapEntries/{inputs['name']}"
    found = client.find(client.certificate_manager + id_)
    if found is not None:
        yield Candidate(f"entry {inputs['hostname']} of certificate map {inputs['map']}", id_, _doubt(found, inputs))


def endpoints(inputs: Mapping[str, Any], client: GcpClient) -> Iterator[Candidate]:
    """It has no room for a mark: whose its group is, its endpoint is."""
    group = str(inputs["globalNetworkEndpointGroup"]).rpartition("/")[2]
    url = f"{client.compute}projects/{client.project}/global/networkEndpointGroups/{group}"
    if client.find(url) is None:
        return
    for one in (client.post(f"{url}/listNetworkEndpoints", {}) or {}).get("items") or ():
        found = one["networkEndpoint"]
        if (found.get("fqdn"), found.get("port")) == (inputs["fqdn"], int(inputs["port"])):
            id_ = f"{client.project}/{group}//{found['fqdn']}/{found['port']}"
            yield Candidate(f"endpoint {found['fqdn']}:{found['port']} of {group}", id_)


def _doubt(held: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    wanted, says = inputs.get("description"), held.get("description")
    if is_marked(wanted) and says == wanted:
        return ""
    return f"its description says {says or 'nothing'}, not {wanted or 'whose it is'}"


FINDERS: Mapping[str, Finder] = {
    **{rtype: _named(lambda client: client.compute, "global", name) for rtype, name in _COMPUTE.items()},
    **{
        rtype: _named(lambda client: client.certificate_manager, "locations/global", name)
        for rtype, name in _CERTIFICATE_MANAGER.items()
    },
    items.MAP_ENTRY: entries,
    items.ENDPOINT: endpoints,
}
