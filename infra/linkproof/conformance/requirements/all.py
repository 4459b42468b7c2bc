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


# By the requirement, the method that a sender's readers must be able to use; where they need not, there is nothing to require.
_METHODS: Final = {"method.head": "HEAD", "method.post": "POST", "method.options": "OPTIONS", "method.expect": "POST"}


def required(needs: EdgeNeeds | None) -> tuple[Requirement, ...]:
    """Those of an edge for this sender; None for an edge for any sender that finds its accounts by Host."""
    if needs is None:
        left_out = {"host.forwarded", "host.forged"}
    else:
        left_out = {one for one, method in _METHODS.items() if method not in needs.methods}
        left_out |= {"host.forwarded", "host.forged"} if needs.forwarded_host == "no" else set()
        left_out |= {"host.origin"} if needs.forwarded_host == "for-host" else set()
    return tuple(one for one in ALL if one.id not in left_out)
