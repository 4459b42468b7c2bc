"""What an edge must bring to a link's sender."""

from __future__ import annotations

from dataclasses import replace

from linkproof import registry
from linkproof.contract.declared import Link
from linkproof.contract.needs import EdgeNeeds


def needs_of(link: Link) -> EdgeNeeds:
    """What the sender needs, and Braze, who runs accounts for others: X-Forwarded-Host at every CDN, against forged hosts.

    Source: braze.com/docs, "SSL at Braze".
    """
    needs = registry.sender(link.sender.provider).plan.edge_needs(link.sender)
    return replace(needs, forwarded_host="always") if link.sender.is_external else needs
