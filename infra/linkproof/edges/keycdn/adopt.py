"""Taking over KeyCDN's objects by natural key: the host, which one zone of all accounts has as an alias."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.adopt import Meaning, one_spelling
from linkproof.contract.find import Candidate, Finder
from linkproof.edges.keycdn.client import PATIENCE_SECONDS
from linkproof.edges.keycdn.items import ZONE, ZONE_ALIAS
from linkproof.json_api import WaitingHere

if TYPE_CHECKING:
    from linkproof.edges.keycdn.api import KeyCdnApi


def aliases(inputs: Mapping[str, Any], client: KeyCdnApi) -> Iterator[Candidate]:
    for found in client.listed("zonealiases", WaitingHere(PATIENCE_SECONDS)):
        if found.get("name") == inputs["name"]:
            yield Candidate(f"zone alias {found['name']}", str(found["id"]))


FINDERS: Mapping[str, Finder] = {ZONE_ALIAS: aliases}
IN_THE_WAY: Mapping[str, Finder] = {}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    ZONE: {
        "originUrl": Meaning("clicks are forwarded to the declared origin"),
        "settings": Meaning("answers are kept, and requests forwarded, as a click needs it", can_be_kept=False),
        "certificate": Meaning("the declared certificate is shown"),
    },
    ZONE_ALIAS: {"zoneId": Meaning("the host is answered by the declared zone", can_be_kept=False)},
}


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """What no API gives back."""
    del declared, live
    return rtype == ZONE and path in ("certificateKey", "suffix")


same = one_spelling
