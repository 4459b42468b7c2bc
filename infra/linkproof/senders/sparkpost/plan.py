"""SparkPost tracking domains: one CNAME, which leads to the region's tracking endpoint until it moves to an edge."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.declared import Link, Sender
from linkproof.contract.items import Item
from linkproof.contract.needs import EdgeNeeds
from linkproof.contract.sender import LinkUse
from linkproof.senders.sparkpost.facts import CACHE_SECONDS, ENTERPRISE_ZONE, HEADERS, METHODS, TARGETS


def target(sender: Sender) -> str:
    """Where the click host leads while SparkPost serves it, without trailing dot."""
    if sender.region == "enterprise":
        return sender.options.target or ENTERPRISE_ZONE  # without one the declaration is refused
    return TARGETS[sender.region]


def targets() -> tuple[tuple[str, str], ...]:
    """Every target that is alike for all accounts, with its region."""
    return tuple((name, region) for region, name in TARGETS.items())


def edge_needs(sender: Sender) -> EdgeNeeds:
    """What must reach SparkPost. The whole query is told apart, so that no two links share an answer that is kept."""
    return EdgeNeeds(
        origin=target(sender),
        headers=HEADERS,
        query_strings="all",
        cookies="none",
        methods=METHODS,
        forwarded_host="for-host",
        cache_seconds=CACHE_SECONDS,
    )


def items(use: LinkUse) -> tuple[Item, ...]:
    """Nothing beside the click record."""
    del use
    return ()


def account_items(sender: Sender, links: Sequence[Link]) -> tuple[Item, ...]:
    """Nothing that is no link's own."""
    del sender, links
    return ()
