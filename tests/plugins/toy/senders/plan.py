"""One target, no owner host."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.declared import Link, Sender
from linkproof.contract.items import Item
from linkproof.contract.needs import EdgeNeeds
from linkproof.contract.sender import LinkUse
from linkproof.senders.toy.facts import TARGET


def target(sender: Sender) -> str:
    del sender
    return TARGET


def targets() -> tuple[tuple[str, str], ...]:
    return ((TARGET, ""),)


def edge_needs(sender: Sender) -> EdgeNeeds:
    del sender
    return EdgeNeeds(TARGET, ("Host",), "all", "none", ("GET", "HEAD", "OPTIONS"))


def items(use: LinkUse) -> tuple[Item, ...]:
    del use
    return ()


def account_items(sender: Sender, links: Sequence[Link]) -> tuple[Item, ...]:
    del sender, links
    return ()
