"""Rules over several declarations with Google Cloud edges: each load balancer has a name of its own."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.declared import Edge
from linkproof.contract.rules import Fault, TogetherRule, TogetherView
from linkproof.edges.gcp.names import target


def _target_twice(view: TogetherView) -> Iterator[tuple[int, Fault]]:
    first: dict[str, tuple[int, Edge]] = {}
    told: set[tuple[int, str]] = set()
    for number, part in enumerate(view.parts):
        for placed in part.links:
            if placed.link.phase == "branded":
                continue
            edge, name = placed.edge, target(placed.edge.account, placed.zone.name.text)
            owner, other = first.setdefault(name, (number, edge))
            if owner == number or (number, name) in told:
                continue
            told.add((number, name))
            message = f"its links lead to {name}, which is the name of the load balancer of {other.path} ({view.place(owner, other.path)})"
            fix = (
                "give the account another name in one of the two declarations, or put the zone's links into one of them"
            )
            yield number, Fault(edge.path, message, fix)


RULES = [
    TogetherRule(
        "stacks.gcp-target-twice",
        "each stack makes a load balancer of its own, and a name can lead to one of them alone",
        _target_twice,
    )
]
