"""A click host at a server of one's own, as the engine's state holds it."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from linkproof.contract.build import Building
from linkproof.contract.items import Item, Record
from linkproof.servers.items import SERVER_HOST, ServerHost


def build(items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
    """One resource for each host; the server's own records are made with the others."""
    del records
    for item in items:
        if isinstance(item, ServerHost):
            made = pulumi.CustomResource(
                SERVER_HOST,
                item.resource,
                {"server": item.server, "name": item.name, "origin": item.origin},
                pulumi.ResourceOptions(protect=item.protect),
            )
            building.made.setdefault(item.resource, []).append(made)
