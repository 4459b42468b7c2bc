"""What the engine's state says of Front Door profiles and the hosts that they answer for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from linkproof.acm import dotted
from linkproof.contract.edge import EdgeSeen
from linkproof.contract.items import Item
from linkproof.contract.state import Resource, State
from linkproof.contract.values import Late
from linkproof.edges.azure import items
from linkproof.edges.azure.plan import HOST_NAME, TOKEN
from linkproof.rdata import presented

TYPES = frozenset(
    {
        items.PROFILE, items.ENDPOINT, items.ORIGIN_GROUP, items.ORIGIN, items.RULE_SET, items.RULE, items.DOMAIN, items.ROUTE,
        items.SECRET,
    }
)  # fmt: skip
_DOMAINS = ("azurefd.net",)


def seen(state: State) -> Iterator[EdgeSeen]:
    """One for each custom domain: the host is its resource's name."""
    names = {_profile_of(one): dotted(one.outputs.get("hostName")) for one in state.of_types(items.ENDPOINT)}
    origins = dict(_origins(state))
    for resource in (*state.resources, *state.leaving):
        if resource.type != items.DOMAIN:
            continue
        name, origin = names.get(_profile_of(resource)), origins.get(resource.id or "")
        yield EdgeSeen(
            resource.name,
            frozenset({name} if name else ()),
            resource.account or "default",
            frozenset({origin} if origin else ()),
            is_leaving=resource in state.leaving,
        )


def planned(wanted: Iterable[Item]) -> frozenset[tuple[str, str | None]]:
    return frozenset((item.resource, item.account) for item in wanted if item.engine_type == items.DOMAIN)


def leads_here(name: str) -> bool:
    return name.rstrip(".").lower().endswith(tuple(f".{domain}" for domain in _DOMAINS))


def late(late: Late, state: State) -> str | None:
    """The endpoint's name, or the token that proves a host."""
    if late.output == HOST_NAME:
        found = state.find(items.ENDPOINT, late.item)
        return dotted(found.outputs.get("hostName")) if found else None
    if late.output != TOKEN:
        return None
    found = state.find(items.DOMAIN, late.item)
    said = (found.outputs.get("validationProperties") if found else None) or {}
    token = said.get("validationToken")
    return presented("TXT", token) if isinstance(token, str) and token else None


def _profile_of(resource: Resource) -> tuple[str, str]:
    return str(resource.outputs.get("profileName") or resource.inputs.get("profileName")), resource.account or "default"


def _origins(state: State) -> Iterator[tuple[str, str]]:
    """A domain's id and the origin that its route leads to."""
    by_group = {}
    for origin in state.of_types(items.ORIGIN):
        group = str(origin.id or "").partition("/origins/")[0].lower()
        by_group[group] = str(origin.inputs.get("hostName") or "")
    for route in state.of_types(items.ROUTE):
        held: Mapping[str, Any] = route.inputs
        leads = by_group.get(str((held.get("originGroup") or {}).get("id") or "").lower())
        if leads:
            yield from ((str(one.get("id")), leads) for one in held.get("customDomains") or ())
