"""Taking over tracking domains that exist: by their host, however verified they are; which differences a mail notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.adopt import Meaning, one_spelling
from linkproof.contract.find import Candidate, Finder
from linkproof.senders.sparkpost import find
from linkproof.senders.sparkpost.items import SENDING_DOMAIN, TRACKING_DOMAIN

if TYPE_CHECKING:
    from linkproof.senders.sparkpost.api import SparkPostApi


def tracking_domains(inputs: Mapping[str, Any], client: SparkPostApi) -> Iterator[Candidate]:
    yield from (Candidate(one.what, one.id) for one in find.tracking_domains(inputs, client))


FINDERS: Mapping[str, Finder] = {TRACKING_DOMAIN: tracking_domains}
IN_THE_WAY: Mapping[str, Finder] = {}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    TRACKING_DOMAIN: {
        "secure": Meaning("links are written with the other scheme", can_be_kept=False),
        "default": Meaning("another tracking domain writes where a sending domain names none"),
        "managedCertificate": Meaning(
            "SparkPost has a certificate for the host, as https:// links need", can_be_kept=False
        ),
        "verified": Meaning("it is verified: SparkPost writes links with it from then on", can_be_kept=False),
    },
    SENDING_DOMAIN: {"trackingDomain": Meaning("its mail has links with another host")},
}
_OPTIONAL = frozenset({"default", "managedCertificate"})


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """What the provider alone uses, and what an import reads and nothing is declared of."""
    del rtype, live
    return path == "expectedTarget" or (path in _OPTIONAL and declared.get(path) is None)


same = one_spelling
