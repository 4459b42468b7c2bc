"""Finding at SparkPost what a killed engine may have made. Nothing there carries a mark of its owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.senders.sparkpost.api import TRACKING, WaitingHere, found_or_none, joined_id
from linkproof.senders.sparkpost.items import SENDING_DOMAIN, TRACKING_DOMAIN

if TYPE_CHECKING:
    from linkproof.senders.sparkpost.api import SparkPostApi

# Setting what is set already makes nothing.
WITHOUT_OBJECT = frozenset({SENDING_DOMAIN})
_SECONDS = 120.0


def tracking_domains(inputs: Mapping[str, Any], client: SparkPostApi) -> Iterator[Candidate]:
    """A host is one tracking domain, and our create refuses what is there before: ours is as that create would have left it."""
    id_ = joined_id(str(inputs.get("subaccount") or ""), str(inputs["domain"]))
    found = found_or_none(client, TRACKING, id_, WaitingHere(_SECONDS))
    if found is not None:
        more = [name for name in ("secure", "default") if found.get(name) is True and inputs.get(name) is not True]
        doubt = f"it is {' and '.join(more)}, which the create that was interrupted does not make it" if more else ""
        yield Candidate(f"tracking domain {inputs['domain']}", id_, doubt)


FINDERS: Mapping[str, Finder] = {TRACKING_DOMAIN: tracking_domains}
