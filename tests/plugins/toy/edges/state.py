"""Reads toy edges in the engine's state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linkproof.contract.edge import EdgeSeen
from linkproof.contract.items import Item
from linkproof.contract.state import State
from linkproof.contract.values import Late
from linkproof.edges.toy.facts import DOMAIN
from linkproof.edges.toy.items import EDGE

TYPES = frozenset({EDGE})


def seen(state: State) -> Iterator[EdgeSeen]:
    for resource in (*state.resources, *state.leaving):
        if resource.type == EDGE:
            name = resource.outputs.get("domain_name")
            names = frozenset({f"{name}."}) if name else frozenset()
            origins = frozenset({str(resource.inputs.get("origin"))})
            yield EdgeSeen(resource.name, names, resource.account, origins, is_leaving=resource in state.leaving)


def planned(items: Iterable[Item]) -> frozenset[tuple[str, str | None]]:
    return frozenset((item.resource, item.account) for item in items if item.engine_type == EDGE)


def leads_here(name: str) -> bool:
    return name.endswith(f".{DOMAIN}.")


def late(late: Late, state: State) -> str | None:
    found = state.find(EDGE, late.item) if late.output == "toy_domain" else None
    name = found.outputs.get("domain_name") if found else None
    return f"{name}." if name else None
