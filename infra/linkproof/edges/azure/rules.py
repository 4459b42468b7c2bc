"""Rules of a declaration with Azure edges: how many domains a profile may have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from linkproof.contract.declared import Edge
from linkproof.contract.rules import EdgeRule, EdgeView, Fault, rule
from linkproof.edges.azure.facts import MOST_DOMAINS

RULES: list[EdgeRule] = []


@rule(RULES, "quota.azure-domains", because="a Front Door profile of the Standard tier has at most 100 custom domains")
def domains(view: EdgeView) -> Iterator[Fault]:
    first: dict[tuple[str, str], Edge] = {}
    hosts: Counter[tuple[str, str]] = Counter()
    for placed in view.links:
        if placed.link.phase != "branded":
            place = placed.edge.account, placed.edge.options.resource_group
            first.setdefault(place, placed.edge)
            hosts[place] += 1
    for place, needed in hosts.items():
        if needed > MOST_DOMAINS:
            message = (
                f"the profile in resource group {place[1]} needs {needed} custom domains, Azure allows {MOST_DOMAINS}"
            )
            yield Fault(first[place].path, message, "spread the links over entries with other resource groups")
