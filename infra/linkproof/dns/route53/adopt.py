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
    """What at the same name is of another kind: a CNAME stands alone (RFC 1034 §3.6.2), and mostly it is aliases of a distribution."""
    zone_id, name = inputs["zoneId"], plain(inputs["name"])
    if inputs["type"] not in _OF_A_CLICK_HOST:
        return
    answer = client.service("route53").list_resource_record_sets(HostedZoneId=zone_id, StartRecordName=name)
    for found in answer["ResourceRecordSets"]:
        rtype = found["Type"]
        if plain(found["Name"]) != name or rtype not in _OF_A_CLICK_HOST - {inputs["type"]}:
            continue
        if "CNAME" not in (rtype, inputs["type"]):
            continue  # addresses of two families stand beside each other
        target = (found.get("AliasTarget") or {}).get("DNSName")
        kind = f"alias of {target}" if target else "no alias"
        shown = f" ({kind})" if rtype != "CNAME" else ""
        yield Candidate(
            f"record {name} {rtype}{shown} in {zone_id}",
            f"{zone_id}_{name}_{rtype}",
            _way_out(rtype, is_alias=bool(target)),
        )


def _way_out(rtype: str, *, is_alias: bool) -> str:
    if rtype == "CNAME":
        return "remove `record: alias`"
    if is_alias:
        families = ", and `families: [4, 6]`" if rtype == "AAAA" else ""
        return f"write `record: alias`{families} to take it over as it is; a CNAME can come later, in one change batch"
    return "one change batch that deletes it and creates the CNAME leaves no gap; then run this again"


FINDERS: Mapping[str, Finder] = {}
IN_THE_WAY: Mapping[str, Finder] = {RECORD_TYPE: beside}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    RECORD_TYPE: {
        "aliases": Meaning("clicks go where the declared alias leads", can_be_kept=False),
        "records": Meaning("clicks go where the declared value leads", can_be_kept=False),
        "ttl": Meaning("resolvers keep the answer for another time", "ttl_seconds: {live}", can_be_kept=False),
    }
}
_OF_A_CLICK_HOST = frozenset({"A", "AAAA", "CNAME"})
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
