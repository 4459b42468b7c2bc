"""Finding a Route 53 record set, and proving that it is the one that this stack was creating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.dns.route53.state import RECORD_TYPE
from linkproof.rdata import plain, presented

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient

WITHOUT_OBJECT: frozenset[str] = frozenset()


def records(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A record set has no room for a mark: it is ours when it is exactly what was to be created."""
    name, rtype, zone_id = inputs["name"], inputs["type"], inputs["zoneId"]
    answer = client.service("route53").list_resource_record_sets(
        HostedZoneId=zone_id, StartRecordName=name, StartRecordType=rtype, MaxItems="1"
    )
    for found in answer["ResourceRecordSets"]:
        if (plain(found["Name"]), found["Type"]) != (plain(name), rtype):
            continue
        yield Candidate(
            f"record {name} {rtype} in {zone_id}", f"{zone_id}_{plain(name)}_{rtype}", _doubt(found, inputs)
        )


def _doubt(found: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    if inputs.get("aliases"):
        return _doubt_of_alias(found, inputs["aliases"][0])
    rtype = inputs["type"]
    values = {presented(rtype, value["Value"]) for value in found.get("ResourceRecords", [])}
    wanted = {presented(rtype, value) for value in inputs["records"]}
    if "AliasTarget" in found:
        return f"it is an alias of {found['AliasTarget'].get('DNSName')}, not {_shown(wanted)}"
    if "SetIdentifier" in found:
        return f"it is one of several by a routing policy ({found['SetIdentifier']})"
    if values != wanted:
        return f"it holds {_shown(values)}, not {_shown(wanted)}"
    if found.get("TTL") != int(inputs["ttl"]):
        return f"it has TTL {found.get('TTL')}, not {int(inputs['ttl'])}"
    return ""


def _doubt_of_alias(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    target = found.get("AliasTarget")
    if target is None:
        values = {value["Value"] for value in found.get("ResourceRecords", [])}
        return f"it holds {_shown(values)}, and is no alias of {plain(wanted['name'])}"
    if plain(target["DNSName"]) != plain(wanted["name"]):
        return f"it is an alias of {plain(target['DNSName'])}, not of {plain(wanted['name'])}"
    if target.get("HostedZoneId") != wanted["zoneId"]:
        return f"it is an alias in the hosted zone {target.get('HostedZoneId')}, not {wanted['zoneId']}"
    return ""


def _shown(values: set[str]) -> str:
    return ", ".join(sorted(value.removesuffix(".") for value in values))


FINDERS: Mapping[str, Finder] = {RECORD_TYPE: records}
