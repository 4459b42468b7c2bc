"""Taking over Cloud DNS record sets: what of their differences a click notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.adopt import Meaning, one_spelling
from linkproof.contract.find import Candidate, Finder
from linkproof.dns.gcp.state import RECORD_TYPE
from linkproof.names import with_dot

if TYPE_CHECKING:
    from linkproof.vendors.gcp.client import GcpClient


def beside(inputs: Mapping[str, Any], client: GcpClient) -> Iterator[Candidate]:
    """Addresses at a name that is to have a CNAME, which stands alone (RFC 1034 §3.6.2)."""
    if inputs["type"] != "CNAME":
        return
    zone, name = inputs["managedZone"], with_dot(inputs["name"])
    url = f"{client.dns}projects/{client.project}/managedZones/{zone}/rrsets"
    for found in client.list(url, "rrsets", {"name": name}):
        if found["type"] in ("A", "AAAA"):
            yield Candidate(
                f"record {name} {found['type']} {', '.join(found.get('rrdatas') or ())} in {zone}",
                f"projects/{client.project}/managedZones/{zone}/rrsets/{name}/{found['type']}",
                "one change that deletes it and adds the CNAME leaves no gap (`gcloud dns record-sets transaction`); then run this again",
            )


FINDERS: Mapping[str, Finder] = {}
IN_THE_WAY: Mapping[str, Finder] = {RECORD_TYPE: beside}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    RECORD_TYPE: {
        "rrdatas": Meaning("clicks go where the declared value leads", can_be_kept=False),
        "ttl": Meaning("resolvers keep the answer for another time", "ttl_seconds: {live}", can_be_kept=False),
        "routingPolicy": Meaning("every reader gets the same answer", can_be_kept=False),
    }
}
# What deleting it does, and whose it is: nothing of it is served.
_UNNOTICED = frozenset({"deletionPolicy", "project"})


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """All but what is never served."""
    del rtype, declared, live
    return path in _UNNOTICED


same = one_spelling
