"""One edge per link."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.checks import Endpoint
from linkproof.contract.edge import Click, EdgePart, EdgePlanned, EdgeUse
from linkproof.contract.values import Late
from linkproof.edges.toy.items import ToyEdge


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    return EdgePlanned({use.key: _part(use) for use in uses})


def _part(use: EdgeUse) -> EdgePart:
    domain = Late(use.host, "toy_domain", "the domain of toy edge")
    endpoint = Endpoint(
        id=f"{use.key}/edge",
        path=use.path,
        host=use.host,
        sender=use.link.sender.provider,
        phase=use.link.phase,
        edge=use.edge.provider,
        connect=None if use.in_use else domain,
        hsts_parents=use.hsts_parents,
    )
    return EdgePart(
        items=(ToyEdge(use.host, use.edge.account, use.needs.origin, use.in_use),),
        checks=(endpoint,),
        click=Click(domain),
        certificate="the toy edge's own",
    )
