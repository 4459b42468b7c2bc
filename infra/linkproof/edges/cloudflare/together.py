"""Rules over several declarations with Cloudflare edges: each zone's rulesets have one owner."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.declared import Edge
from linkproof.contract.rules import Fault, TogetherRule, TogetherView


def _rulesets_twice(view: TogetherView) -> Iterator[tuple[int, Fault]]:
    owners: dict[str, tuple[int, Edge]] = {}
    told: set[tuple[int, str, str]] = set()
    for number, part in enumerate(view.parts):
        for placed in part.links:
            edge, zone = placed.edge, placed.zone.name.text
            if edge.options.rulesets != "ours" or placed.link.phase == "branded":
                continue
            first, other = owners.setdefault(zone, (number, edge))
            if first == number or (number, zone, edge.key) in told:
                continue
            told.add((number, zone, edge.key))
            message = (
                f"the rulesets of {zone} are owned by {other.path} ({view.place(first, other.path)}) already, and each deployment of"
                " one of the two would throw the other's rules away"
            )
            fix = (
                "move the zone's links of this edge into that declaration (`linkproof move LINK… --to STACK`), or write"
                " `rulesets: external` here and let the owner have these rules too"
            )
            yield number, Fault(edge.path, message, fix)


RULES = [
    TogetherRule(
        "stacks.rulesets-twice",
        "Cloudflare has one entry-point ruleset per zone and phase, and whoever writes it writes all of it"
        " (developers.cloudflare.com/ruleset-engine/about/rulesets)",
        _rulesets_twice,
    )
]
