"""Finding a record set at a primary server, and proving that it is the one that this stack was creating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.dns.rfc2136.record_set import RecordSet
from linkproof.dns.rfc2136.state import RECORD_TYPE, joined_id
from linkproof.json_api import WaitingHere
from linkproof.rdata import plain

if TYPE_CHECKING:
    from linkproof.dns.rfc2136.primary import Primary

WITHOUT_OBJECT: frozenset[str] = frozenset()
SECONDS = 60.0


def records(inputs: Mapping[str, Any], client: Primary) -> Iterator[Candidate]:
    """A record set has no room for a mark: it is ours when it is exactly what was to be created."""
    zone, name, record_type = plain(inputs["zone"]), plain(inputs["name"]), inputs["type"]
    held = client.held(zone, name, record_type, WaitingHere(SECONDS))
    if held is None:
        return
    wanted = RecordSet(record_type, int(inputs["ttl"]), tuple(inputs["values"]))
    yield Candidate(f"record {name} {record_type} in {zone}", joined_id(zone, name, record_type), _doubt(held, wanted))


def _doubt(held: RecordSet, wanted: RecordSet) -> str:
    if not held.has_same_data(wanted):
        return f"it holds {held.shown()}, not {wanted.shown()}"
    if held.ttl_seconds != wanted.ttl_seconds:
        return f"it has TTL {held.ttl_seconds}, not {wanted.ttl_seconds}"
    return ""


FINDERS: Mapping[str, Finder] = {RECORD_TYPE: records}
