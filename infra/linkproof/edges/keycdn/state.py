"""What the engine's state says of zones and their aliases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from linkproof.contract.edge import EdgeSeen
from linkproof.contract.items import Item
from linkproof.contract.state import Resource, State
from linkproof.contract.values import Late
from linkproof.edges.keycdn.facts import DOMAIN, target_of
from linkproof.edges.keycdn.items import ZONE, ZONE_ALIAS
from linkproof.edges.keycdn.plan import TARGET
from linkproof.names import with_dot

TYPES = frozenset({ZONE, ZONE_ALIAS})


def seen(state: State) -> Iterator[EdgeSeen]:
    """One for each zone: the host is its resource's name."""
    for resource in (*state.resources, *state.leaving):
        if resource.type == ZONE:
            target = _target(resource)
            yield EdgeSeen(
                resource.name,
                frozenset({target}) if target else frozenset(),
                resource.account or "default",
                _origins(resource),
                is_leaving=resource in state.leaving,
            )


def planned(items: Iterable[Item]) -> frozenset[tuple[str, str | None]]:
    return frozenset((item.resource, item.account) for item in items if item.engine_type == ZONE)


def leads_here(name: str) -> bool:
    return name.endswith(f".{DOMAIN}.")


def late(late: Late, state: State) -> str | None:
    found = state.find(ZONE, late.item) if late.output == TARGET else None
    return _target(found) if found else None


def _target(resource: Resource) -> str | None:
    """What was given when it was made; one that was imported by hand has no suffix before the next deployment."""
    name, suffix = resource.inputs.get("name"), resource.inputs.get("suffix")
    return with_dot(target_of(str(name), str(suffix))) if name and suffix else None


def _origins(resource: Resource) -> frozenset[str]:
    found = {urlsplit(str(side.get("originUrl") or "")).hostname for side in (resource.inputs, resource.outputs)}
    return frozenset(name for name in found if name)
