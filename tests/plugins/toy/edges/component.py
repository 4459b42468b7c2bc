"""Makes toy edges."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from linkproof.contract.build import Building
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.edges.toy.facts import VENDOR
from linkproof.edges.toy.items import EDGE, ToyEdge


class _Edge(pulumi.CustomResource):
    domain_name: pulumi.Output[str]

    def __init__(self, item: ToyEdge, building: Building) -> None:
        super().__init__(
            EDGE,
            item.resource,
            {"host": item.resource, "origin": item.origin, "domain_name": None},
            pulumi.ResourceOptions(provider=building.provider(VENDOR, item.account), protect=item.protect),
        )


def build(items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
    del records
    for item in items:
        if isinstance(item, ToyEdge):
            made = _Edge(item, building)
            building.late[Late(item.resource, "toy_domain")] = made.domain_name.apply(lambda name: f"{name}.")
