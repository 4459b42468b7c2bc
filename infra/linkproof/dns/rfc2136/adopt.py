"""Taking over record sets of a primary server's: what of their differences a click notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.adopt import Meaning
from linkproof.contract.find import Candidate, Finder
from linkproof.dns.rfc2136.find import SECONDS
from linkproof.dns.rfc2136.state import RECORD_TYPE, joined_id
from linkproof.json_api import WaitingHere
from linkproof.rdata import plain

if TYPE_CHECKING:
    from linkproof.dns.rfc2136.primary import Primary


def beside(inputs: Mapping[str, Any], client: Primary) -> Iterator[Candidate]:
    """What at the same name is of another kind: a CNAME stands alone (RFC 1034 §3.6.2)."""
    zone, name, record_type = plain(inputs["zone"]), plain(inputs["name"]), inputs["type"]
    others = ("A", "AAAA") if record_type == "CNAME" else ("CNAME",)
    for other in others:
        held = client.held(zone, name, other, WaitingHere(SECONDS))
        if held is not None:
            yield Candidate(
                f"record {name} {held.shown()} in {zone}",
                joined_id(zone, name, other),
                f"one update that deletes it and then adds the {record_type}, in this order, leaves no gap; then run this again",
            )


FINDERS: Mapping[str, Finder] = {}
IN_THE_WAY: Mapping[str, Finder] = {RECORD_TYPE: beside}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    RECORD_TYPE: {
        "values": Meaning("clicks go where the declared value leads", can_be_kept=False),
        "ttl": Meaning("resolvers keep the answer for another time", "ttl_seconds: {live}", can_be_kept=False),
    }
}
# Only says what a create does to a record set that is there already.
_UNNOTICED = frozenset({"shared"})


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """All but what is never served."""
    del rtype, declared, live
    return path in _UNNOTICED


def same(rtype: str, path: str, declared: Any, live: Any) -> bool:
    """Names with their last dot or without, in any case."""
    if rtype != RECORD_TYPE or path != "values" or not isinstance(declared, list) or not isinstance(live, list):
        return False
    return sorted(plain(str(one)) for one in declared) == sorted(plain(str(one)) for one in live)
