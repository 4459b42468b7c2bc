"""The zones that Azure DNS has in a subscription, and what leads somewhere in them. Reads, and never writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.reading import wire
from linkproof.contract.seen import SeenRecord, SeenZone
from linkproof.dns.azure.facts import API_VERSION
from linkproof.dns.azure.record_set import from_api, values

if TYPE_CHECKING:
    from linkproof.vendors.azure.client import AzureClient

ALIAS = "is an alias of another object of Azure, which cannot be declared"


def zones(client: AzureClient, account: str, names: frozenset[str]) -> Iterator[SeenZone]:
    """Public zones alone: private ones are objects of another type."""
    for held in client.list(f"{client.root}/providers/Microsoft.Network/dnsZones", API_VERSION):
        name = wire(held["name"])
        if names and name not in names:
            continue
        group = str(held["id"]).split("/")[4]
        sets = client.list(f"{held['id']}/CNAME", API_VERSION)
        records = tuple(record for one in sets if (record := _record(one, name)) is not None)
        yield SeenZone(name, f"Azure DNS, account {account}", "azure", f"{group}/{name}", account, records)


def _record(held: Mapping[str, Any], zone: str) -> SeenRecord | None:
    properties = from_api(held.get("properties") or {})
    found = values("CNAME", properties)
    doubt = ALIAS if (properties.get("targetResource") or {}).get("id") else ""
    if not found and not doubt:
        return None
    name = wire(f"{held['name']}.{zone}")
    return SeenRecord(name, wire(found[0]) if found else "", properties.get("ttl"), doubt=doubt)
