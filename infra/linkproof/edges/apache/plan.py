"""Apache on one's own server: what of it is held, proved and led to is every such server's."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.edge import EdgePlanned, EdgeUse
from linkproof.edges.apache import facts
from linkproof.edges.apache.items import ApacheHost
from linkproof.servers.plan import plan_with


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    return plan_with(uses, facts.PROGRAM, ApacheHost, facts)
