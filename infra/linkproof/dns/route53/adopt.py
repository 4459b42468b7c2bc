"""Taking over Route 53 record sets: what of their differences a click notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.adopt import Meaning
from linkproof.contract.find import Candidate, Finder
from linkproof.dns.route53.state import RECORD_TYPE
from linkproof.rdata import plain

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient


def beside(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """Addresses at a name that is to have a CNAME, which stands alone (RFC 1034 §3.6.2): mostly aliases of a distribution."""
    zone_id, name = inputs["zoneId"], plain(inputs["name"])
    if inputs["type"] != "CNAME":
        return
    answer = client.service("route53").list_resource_record_sets(HostedZoneId=zone_id, StartRecordName=name)
    for found in answer["ResourceRecordSets"]:
        if plain(found["Name"]) != name or found["Type"] not in ("A", "AAAA"):
            continue
        target = (found.get("AliasTarget") or {}).get("DNSName")
        kind = f"alias of {target}" if target else "no alias"
        yield Candidate(
            f"record {name} {found['Type']} ({kind}) in {zone_id}",
            f"{zone_id}_{name}_{found['Type']}",
            "one change batch that deletes it and creates the CNAME leaves no gap; then run this again",
        )


FINDERS: Mapping[str, Finder] = {}
IN_THE_WAY: Mapping[str, Finder] = {RECORD_TYPE: beside}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    RECORD_TYPE: {
        "records": Meaning("clicks go where the declared value leads", can_be_kept=False),
        "ttl": Meaning("resolvers keep the answer for another time", "ttl_seconds: {live}", can_be_kept=False),
    }
}
# Only says what a create does to a record set that is there already.
_UNNOTICED = frozenset({"allowOverwrite"})


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """All but what is never served."""
    del rtype, declared, live
    return path in _UNNOTICED


def same(rtype: str, path: str, declared: Any, live: Any) -> bool:
    """Route 53 keeps a value as it was written, with its last dot or without, and serves both alike."""
    if rtype != RECORD_TYPE or path != "records" or not isinstance(declared, list) or not isinstance(live, list):
        return False
    return sorted(plain(str(value)) for value in declared) == sorted(plain(str(value)) for value in live)
