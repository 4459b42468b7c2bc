"""One edge per link."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.edge import Click, EdgePart, EdgePlanned, EdgeUse
from linkproof.contract.values import Late
from linkproof.edges.toy.items import ToyEdge


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    return EdgePlanned({use.key: _part(use) for use in uses})


def _part(use: EdgeUse) -> EdgePart:
    domain = Late(use.host, "toy_domain", "the domain of toy edge")
    return EdgePart(
        items=(ToyEdge(use.host, use.edge.account, use.needs.origin, use.in_use),),
        checks=(use.endpoint(domain),),
        click=Click(domain),
        certificate="the toy edge's own",
    )
