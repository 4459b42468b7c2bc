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
from linkproof.edges.cloudfront.items import (
    CACHE_POLICY,
    CONNECTION_GROUP,
    DISTRIBUTION,
    MULTITENANT,
    POLICY,
    TENANT,
    VALIDATION,
)
from linkproof.edges.cloudfront.tenants import ROUTING_ENDPOINT
from linkproof.names import with_dot

TYPES = frozenset({CERTIFICATE, VALIDATION, DISTRIBUTION, POLICY, CACHE_POLICY, CONNECTION_GROUP, MULTITENANT, TENANT})


def seen(state: State) -> Iterator[EdgeSeen]:
    """One for each distribution and each tenant: the host is its resource's name."""
    yield from _tenants(state)
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
    return frozenset((item.resource, item.account) for item in items if item.engine_type in (DISTRIBUTION, TENANT))


def leads_here(name: str) -> bool:
    return name.endswith(f".{DOMAIN}.")


def late(late: Late, state: State) -> str | None:
    if late.output == "domain_name":
        found = state.find(DISTRIBUTION, late.item)
        return acm.dotted(found.outputs.get("domainName")) if found else None
    if late.output == ROUTING_ENDPOINT:
        found = state.find(CONNECTION_GROUP, late.item)
        return acm.dotted(found.outputs.get("routingEndpoint")) if found else None
    return acm.late(late, state)


def _tenants(state: State) -> Iterator[EdgeSeen]:
    """A tenant answers at the endpoint of its group, and forwards to the origins of its distribution."""
    known = (*state.resources, *state.leaving)
    endpoints = {one.id: one.outputs.get("routingEndpoint") for one in known if one.type == CONNECTION_GROUP}
    origins = {one.id: _origins(one) for one in known if one.type == MULTITENANT}
    for resource in known:
        if resource.type == TENANT:
            endpoint = acm.dotted(endpoints.get(_id(resource, "connectionGroupId")))
            yield EdgeSeen(
                resource.name,
                frozenset({endpoint} if endpoint else ()),
                resource.account or "default",
                origins.get(_id(resource, "distributionId"), frozenset()),
                is_leaving=resource in state.leaving,
            )


def _id(resource: Resource, key: str) -> str:
    return str(resource.outputs.get(key) or resource.inputs.get(key) or "")


def _origins(resource: Resource) -> frozenset[str]:
    return frozenset(
        str(origin["domainName"]).removesuffix(".")
        for side in (resource.inputs, resource.outputs)
        for origin in side.get("origins") or ()
        if isinstance(origin, dict) and origin.get("domainName")
    )
