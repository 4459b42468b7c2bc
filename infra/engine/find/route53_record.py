"""A Route 53 record set: ours when it is exactly what was to be created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from infra.engine.clients import Clients
from infra.engine.find import NotOursError


def find(inputs: Mapping[str, Any], clients: Clients, account: str, stack: str) -> Iterator[str]:
    del stack
    name, rtype, zone_id = inputs["name"], inputs["type"], inputs["zoneId"]
    answer = clients.aws("route53", account).list_resource_record_sets(
        HostedZoneId=zone_id, StartRecordName=name, StartRecordType=rtype, MaxItems="1"
    )
    for found in answer["ResourceRecordSets"]:
        if (found["Name"].rstrip("."), found["Type"]) != (name.rstrip("."), rtype):
            continue
        values = {value["Value"].rstrip(".") for value in found.get("ResourceRecords", [])}
        wanted = {value.rstrip(".") for value in inputs["records"]}
        if (values, found.get("TTL")) != (wanted, int(inputs["ttl"])):
            raise NotOursError(
                f"record {name} {rtype} in {zone_id}",
                f"it holds {', '.join(sorted(values))}, not {', '.join(sorted(wanted))}",
            )
        yield f"{zone_id}_{name.rstrip('.').lower()}_{rtype}"
