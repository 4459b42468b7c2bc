"""The zones that Route 53 has, and what leads somewhere in them. Reads, and never writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.reading import wire
from linkproof.contract.seen import FAMILY_OF, LEADING_TYPES, SeenRecord, SeenZone
from linkproof.dns.route53.terraform import ROUTED, bare_id

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient


def zones(client: AwsClient, account: str, names: frozenset[str]) -> Iterator[SeenZone]:
    """Public zones alone; of several with one name each."""
    service = client.service("route53")
    pages = service.get_paginator("list_hosted_zones").paginate()
    held = [zone for page in pages for zone in page["HostedZones"]]
    for zone in held:
        name = wire(zone["Name"])
        if (zone.get("Config") or {}).get("PrivateZone") or (names and name not in names):
            continue
        pages = service.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone["Id"])
        records = tuple(
            record for page in pages for one in page["ResourceRecordSets"] if (record := _record(one)) is not None
        )
        yield SeenZone(name, f"Route 53, account {account}", "route53", bare_id(zone["Id"]), account, records)


def _record(held: Mapping[str, Any]) -> SeenRecord | None:
    if held["Type"] not in LEADING_TYPES:
        return None
    alias = held.get("AliasTarget")
    values = [one["Value"] for one in held.get("ResourceRecords", [])] if held["Type"] == "CNAME" else []
    targets = [alias["DNSName"]] if alias else values
    if not targets:
        return None
    doubt = ROUTED if "SetIdentifier" in held else ""
    families = (FAMILY_OF[held["Type"]],) if alias and held["Type"] in FAMILY_OF else ()
    name, target = wire(held["Name"]), wire(targets[0])
    return SeenRecord(name, target, held.get("TTL"), is_alias=alias is not None, doubt=doubt, families=families)
