"""Taking over configuration sets that exist: by their name, whatever their tag says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.adopt import Meaning, one_spelling
from linkproof.contract.find import Candidate, Finder
from linkproof.senders.ses import find
from linkproof.senders.ses.items import CONFIGURATION_SET, DESTINATION

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient


def configuration_sets(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    yield from (Candidate(one.what, one.id, one.doubt) for one in find.configuration_sets(inputs, client))


FINDERS: Mapping[str, Finder] = {CONFIGURATION_SET: configuration_sets}
IN_THE_WAY: Mapping[str, Finder] = {}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    CONFIGURATION_SET: {
        "trackingOptions": Meaning("links are written with another host, or another scheme", can_be_kept=False),
        "suppressionOptions": Meaning("mail goes to addresses that bounced or complained"),
        "sendingOptions": Meaning("mail is sent that was held back, or the other way round"),
        "deliveryOptions": Meaning("mail goes another way, or with another demand for TLS"),
        "reputationOptions": Meaning("metrics of bounces and complaints come, or end"),
        "vdmOptions": Meaning("links may be rewritten for metrics of engagement"),
    },
    DESTINATION: {"eventDestination": Meaning("other events go there, or the same elsewhere")},
}
_FOR_PEOPLE = frozenset({"tags"})


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """Tags."""
    del rtype, declared, live
    return path.partition(".")[0] in _FOR_PEOPLE


same = one_spelling
