"""All requirements in the order in which they are asked, and what a sender makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linkproof.conformance.requirements import bytes as octets
from linkproof.conformance.requirements import cache, failing, front, methods, origin

if TYPE_CHECKING:
    from linkproof.conformance.requirements.requirement import Requirement
    from linkproof.contract.needs import EdgeNeeds

ALL: Final[tuple[Requirement, ...]] = (
    *octets.REQUIREMENTS,
    *origin.REQUIREMENTS,
    *methods.REQUIREMENTS,
    *cache.REQUIREMENTS,
    *front.REQUIREMENTS,
    *failing.REQUIREMENTS,
)
BY_ID: Final = {one.id: one for one in ALL}


def required(needs: EdgeNeeds | None) -> tuple[Requirement, ...]:
    """Those of an edge for this sender; None for an edge for any sender that finds its accounts by Host."""
    left_out = {"host.forwarded", "host.forged"} if needs is None or needs.forwarded_host == "no" else set()
    if needs is not None and needs.forwarded_host == "for-host":
        left_out = {"host.origin"}
    return tuple(one for one in ALL if one.id not in left_out)
