"""The zones that Cloud DNS has in a project, and what leads somewhere in them. Reads, and never writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.reading import wire
from linkproof.contract.seen import SeenRecord, SeenZone

if TYPE_CHECKING:
    from linkproof.vendors.gcp.client import GcpClient

ROUTED = "answers by a routing policy, which cannot be declared"


def zones(client: GcpClient, account: str, names: frozenset[str]) -> Iterator[SeenZone]:
    """Public zones alone; of several with one name each."""
    url = f"{client.dns}projects/{client.project}/managedZones"
    for held in client.list(url, "managedZones"):
        name = wire(held["dnsName"])
        if held.get("visibility") == "private" or (names and name not in names):
            continue
        rrsets = client.list(f"{url}/{held['name']}/rrsets", "rrsets")
        records = tuple(record for one in rrsets if (record := _record(one)) is not None)
        yield SeenZone(name, f"Google Cloud DNS, account {account}", "gcp", held["name"], account, records)


def _record(held: Mapping[str, Any]) -> SeenRecord | None:
    """CNAMEs: an address leads to no name here, for Cloud DNS has no alias records for a host."""
    values = held.get("rrdatas") or ()
    doubt = ROUTED if "routingPolicy" in held else ""
    if held["type"] != "CNAME" or not (values or doubt):
        return None
    return SeenRecord(wire(held["name"]), wire(values[0]) if values else "", held.get("ttl"), doubt=doubt)
