"""Taking over Azure DNS record sets: what of their differences a click notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.adopt import Meaning
from linkproof.contract.find import Candidate, Finder
from linkproof.dns.azure.facts import API_VERSION
from linkproof.dns.azure.find import record_id
from linkproof.dns.azure.record_set import from_api, values
from linkproof.dns.azure.state import RECORD_TYPE
from linkproof.rdata import plain

if TYPE_CHECKING:
    from linkproof.vendors.azure.client import AzureClient


def named(inputs: Mapping[str, Any], client: AzureClient) -> Iterator[Candidate]:
    """The record set of that name and type, whosever mark it has."""
    zone, name, rtype = _place(inputs)
    id_ = record_id(client, zone, name, rtype)
    if client.find(id_, API_VERSION) is not None:
        yield Candidate(f"record set {name} {rtype} in {zone}", id_)


def beside(inputs: Mapping[str, Any], client: AzureClient) -> Iterator[Candidate]:
    """Addresses at a name that is to have a CNAME, which stands alone (RFC 1034 §3.6.2)."""
    zone, name, rtype = _place(inputs)
    if rtype != "CNAME":
        return
    for other in ("A", "AAAA"):
        id_ = record_id(client, zone, name, other)
        found = client.find(id_, API_VERSION)
        if found is not None:
            served = ", ".join(values(other, from_api(found.get("properties") or {}))) or "an alias"
            yield Candidate(
                f"record set {name} {other} {served} in {zone}",
                id_,
                "Azure DNS has no change of both at once: delete it, run this again at once, and whoever asks in between is told that there is no such name",
            )


def _place(inputs: Mapping[str, Any]) -> tuple[str, str, str]:
    zone = f"{inputs['resourceGroupName']}/{inputs['zoneName']}"
    return zone, str(inputs["relativeRecordSetName"]), str(inputs["recordType"])


FINDERS: Mapping[str, Finder] = {RECORD_TYPE: named}
IN_THE_WAY: Mapping[str, Finder] = {RECORD_TYPE: beside}
_LEADS = Meaning("clicks go where the declared value leads", can_be_kept=False)
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    RECORD_TYPE: {
        "cnameRecord": _LEADS,
        "aRecords": _LEADS,
        "aaaaRecords": _LEADS,
        "targetResource": Meaning("an alias is answered with another object's value", can_be_kept=False),
        "txtRecords": Meaning("who reads the text reads the declared one", can_be_kept=False),
        "ttl": Meaning("resolvers keep the answer for another time", "ttl_seconds: {live}", can_be_kept=False),
    }
}
_UNNOTICED = frozenset({"metadata"})


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """DNS serves no metadata."""
    del rtype, declared, live
    return path.split(".", maxsplit=1)[0] in _UNNOTICED


def same(rtype: str, path: str, declared: Any, live: Any) -> bool:
    """A name with its last dot and without are one, as are its letters' cases."""
    is_name = rtype == RECORD_TYPE and path == "cnameRecord.cname"
    return is_name and isinstance(declared, str) and isinstance(live, str) and plain(declared) == plain(live)
