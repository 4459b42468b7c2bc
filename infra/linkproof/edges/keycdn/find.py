"""Finding KeyCDN's objects, and proving that they are the ones that this stack was creating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.edges.keycdn.client import PATIENCE_SECONDS
from linkproof.edges.keycdn.items import ZONE, ZONE_ALIAS
from linkproof.json_api import WaitingHere

if TYPE_CHECKING:
    from linkproof.edges.keycdn.api import KeyCdnApi

WITHOUT_OBJECT: frozenset[str] = frozenset()


def zones(inputs: Mapping[str, Any], client: KeyCdnApi) -> Iterator[Candidate]:
    """A zone has neither tags nor a comment; its name is a digest of the stack's mark and the host."""
    for found in client.listed("zones", WaitingHere(PATIENCE_SECONDS)):
        if found.get("name") == inputs["name"]:
            yield Candidate(f"zone {found['name']}", str(found["id"]), _difference(found, inputs))


def aliases(inputs: Mapping[str, Any], client: KeyCdnApi) -> Iterator[Candidate]:
    """An alias is of one zone of all accounts."""
    for found in client.listed("zonealiases", WaitingHere(PATIENCE_SECONDS)):
        if found.get("name") == inputs["name"]:
            held, wanted = str(found.get("zone_id")), str(inputs["zoneId"])
            doubt = "" if held == wanted else f"it is of zone {held}, not {wanted}"
            yield Candidate(f"zone alias {found['name']}", str(found["id"]), doubt)


def _difference(found: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    held = found.get("originurl")
    return "" if held == inputs["originUrl"] else f"its origin is {held}, not {inputs['originUrl']}"


FINDERS: Mapping[str, Finder] = {ZONE: zones, ZONE_ALIAS: aliases}
