"""Amazon SES custom redirect domains: one CNAME, which leads to the region's tracking server until it moves to an edge."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.declared import Link, Sender
from linkproof.contract.items import Item
from linkproof.contract.needs import EdgeNeeds
from linkproof.contract.sender import LinkUse
from linkproof.senders.ses.facts import HEADERS, METHODS, REGIONS, tracking_host


def target(sender: Sender) -> str:
    """Where the click host leads while SES serves it, without trailing dot."""
    return tracking_host(sender.options.region)


def targets() -> tuple[tuple[str, str], ...]:
    """Every target that there is, with its region."""
    return tuple((tracking_host(region), region) for region in REGIONS)


def edge_needs(sender: Sender) -> EdgeNeeds:
    """What must reach SES unchanged. Cookies of the parent domain would make it refuse: it takes 8,192 octets of headers."""
    return EdgeNeeds(origin=target(sender), headers=HEADERS, query_strings="all", cookies="none", methods=METHODS)


def items(use: LinkUse) -> tuple[Item, ...]:
    """Nothing beside the click record."""
    del use
    return ()


def account_items(sender: Sender, links: Sequence[Link]) -> tuple[Item, ...]:
    """Nothing: the configuration set is somebody else's."""
    del sender, links
    return ()
