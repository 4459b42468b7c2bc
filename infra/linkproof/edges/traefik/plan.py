"""Traefik on one's own server: what of it is held, proved and led to is every such server's."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.edge import EdgePlanned, EdgeUse
from linkproof.edges.traefik import facts
from linkproof.edges.traefik.items import TraefikHost
from linkproof.servers.plan import plan_with


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    return plan_with(uses, facts.PROGRAM, TraefikHost, facts)
