"""A Route 53 record set: it has no room for a mark, so it is ours when it is exactly what was to be created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkproof.engine.clients import Clients
from linkproof.engine.find.candidate import Candidate


def candidates(inputs: Mapping[str, Any], clients: Clients, account: str) -> Iterator[Candidate]:
    name, rtype, zone_id = inputs["name"], inputs["type"], inputs["zoneId"]
    answer = clients.aws("route53", account).list_resource_record_sets(
        HostedZoneId=zone_id, StartRecordName=name, StartRecordType=rtype, MaxItems="1"
    )
    for found in answer["ResourceRecordSets"]:
        if (_plain(found["Name"]), found["Type"]) != (_plain(name), rtype):
            continue
        yield Candidate(
            f"record {name} {rtype} in {zone_id}", f"{zone_id}_{_plain(name)}_{rtype}", _doubt(found, inputs)
        )


def _doubt(found: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    values = {value["Value"].rstrip(".") for value in found.get("ResourceRecords", [])}
    wanted = {value.rstrip(".") for value in inputs["records"]}
    if "AliasTarget" in found:
        return f"it is an alias of {found['AliasTarget'].get('DNSName')}, not {_shown(wanted)}"
    if "SetIdentifier" in found:
        return f"it is one of several by a routing policy ({found['SetIdentifier']})"
    if values != wanted:
        return f"it holds {_shown(values)}, not {_shown(wanted)}"
    if found.get("TTL") != int(inputs["ttl"]):
        return f"it has TTL {found.get('TTL')}, not {int(inputs['ttl'])}"
    return ""


def _plain(name: str) -> str:
    return name.rstrip(".").lower()


def _shown(values: set[str]) -> str:
    return ", ".join(sorted(values))
