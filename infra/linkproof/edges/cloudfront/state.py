"""What the engine's state says of distributions and their certificates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linkproof import acm
from linkproof.acm import CERTIFICATE
from linkproof.contract.edge import EdgeSeen
from linkproof.contract.items import Item
from linkproof.contract.state import Resource, State
from linkproof.contract.values import Late
from linkproof.edges.cloudfront.facts import DOMAIN
from linkproof.edges.cloudfront.items import CACHE_POLICY, DISTRIBUTION, POLICY, VALIDATION
from linkproof.names import with_dot

TYPES = frozenset({CERTIFICATE, VALIDATION, DISTRIBUTION, POLICY, CACHE_POLICY})


def seen(state: State) -> Iterator[EdgeSeen]:
    """One for each distribution: the host is its resource's name."""
    for resource in (*state.resources, *state.leaving):
        if resource.type == DISTRIBUTION:
            domain = resource.outputs.get("domainName")
            yield EdgeSeen(
                resource.name,
                frozenset({with_dot(domain)}) if isinstance(domain, str) and domain else frozenset(),
                resource.account or "default",
                _origins(resource),
                is_leaving=resource in state.leaving,
            )


def planned(items: Iterable[Item]) -> frozenset[tuple[str, str | None]]:
    return frozenset((item.resource, item.account) for item in items if item.engine_type == DISTRIBUTION)


def leads_here(name: str) -> bool:
    return name.endswith(f".{DOMAIN}.")


def late(late: Late, state: State) -> str | None:
    if late.output == "domain_name":
        found = state.find(DISTRIBUTION, late.item)
        return acm.dotted(found.outputs.get("domainName")) if found else None
    return acm.late(late, state)


def _origins(resource: Resource) -> frozenset[str]:
    return frozenset(
        str(origin["domainName"]).removesuffix(".")
        for side in (resource.inputs, resource.outputs)
        for origin in side.get("origins") or ()
        if isinstance(origin, dict) and origin.get("domainName")
    )
