"""Finding a Cloud DNS record set, and proving that it is the one that this stack was creating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.dns.gcp.state import RECORD_TYPE
from linkproof.names import with_dot
from linkproof.rdata import plain

if TYPE_CHECKING:
    from linkproof.vendors.gcp.client import GcpClient

WITHOUT_OBJECT: frozenset[str] = frozenset()


def records(inputs: Mapping[str, Any], client: GcpClient) -> Iterator[Candidate]:
    """A record set has no room for a mark: it is ours when it is exactly what was to be created."""
    zone, name, rtype = inputs["managedZone"], with_dot(inputs["name"]), inputs["type"]
    found = record_set(client, zone, name, rtype)
    if found is not None:
        id_ = f"projects/{client.project}/managedZones/{zone}/rrsets/{name}/{rtype}"
        yield Candidate(f"record {plain(name)} {rtype} in {zone}", id_, _doubt(found, inputs))


def record_set(client: GcpClient, zone: str, name: str, rtype: str) -> dict[str, Any] | None:
    """What stands there now; None where nothing does.

    Args:
        name: with its last dot.
    """
    url = f"{client.dns}projects/{client.project}/managedZones/{zone}/rrsets"
    return next(client.list(url, "rrsets", {"name": name, "type": rtype}), None)


def _doubt(found: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    if "routingPolicy" in found:
        return "it answers by a routing policy"
    held, wanted = set(found.get("rrdatas") or ()), set(inputs["rrdatas"])
    if held != wanted:
        return f"it holds {_shown(held)}, not {_shown(wanted)}"
    if found.get("ttl") != int(inputs["ttl"]):
        return f"it has TTL {found.get('ttl')}, not {int(inputs['ttl'])}"
    return ""


def _shown(values: set[str]) -> str:
    return ", ".join(sorted(value.removesuffix(".") for value in values))


FINDERS: Mapping[str, Finder] = {RECORD_TYPE: records}
