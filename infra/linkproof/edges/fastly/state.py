"""What the engine's state says of services and their TLS subscriptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from linkproof.contract.edge import EdgeSeen
from linkproof.contract.items import Item
from linkproof.contract.state import Resource, State
from linkproof.contract.values import Late
from linkproof.edges.fastly.challenges import challenge, target_of
from linkproof.edges.fastly.facts import DOMAINS, DUALSTACK
from linkproof.edges.fastly.items import ACTIVATION, SERVICE, SUBSCRIPTION, VALIDATION
from linkproof.edges.fastly.plan import CHALLENGE_NAME, CHALLENGE_VALUE, DUALSTACK_TARGET, TARGET
from linkproof.errors import LinkproofError
from linkproof.names import with_dot

TYPES = frozenset({SERVICE, SUBSCRIPTION, ACTIVATION, VALIDATION})
_TARGET = re.compile(rf"(?:[a-z0-9-]+\.)+(?:{'|'.join(re.escape(one) for one in DOMAINS)})\b")
_OUTPUTS = frozenset({CHALLENGE_NAME, CHALLENGE_VALUE, TARGET, DUALSTACK_TARGET})


def seen(state: State) -> Iterator[EdgeSeen]:
    """One for each service: the host is its resource's name."""
    targets = {one.name: _target(one) for one in (*state.leaving, *state.resources) if one.type == SUBSCRIPTION}
    for resource in (*state.resources, *state.leaving):
        if resource.type == SERVICE:
            target = targets.get(resource.name)
            both = (with_dot(target), with_dot(f"{DUALSTACK}{target}")) if target else ()
            yield EdgeSeen(
                resource.name,
                frozenset(both) | _led_to(state, resource.name),
                resource.account or "default",
                _origins(resource),
                is_leaving=resource in state.leaving,
            )


def planned(items: Iterable[Item]) -> frozenset[tuple[str, str | None]]:
    return frozenset((item.resource, item.account) for item in items if item.engine_type == SERVICE)


def leads_here(name: str) -> bool:
    return name.endswith(tuple(f".{domain}." for domain in DOMAINS))


def late(late: Late, state: State) -> str | None:
    found = state.find(SUBSCRIPTION, late.item) if late.output in _OUTPUTS else None
    if found is None:
        return None
    if late.output in (TARGET, DUALSTACK_TARGET):
        target = _target(found)
        return with_dot(f"{DUALSTACK if late.output == DUALSTACK_TARGET else ''}{target}") if target else None
    try:
        name, value = challenge(_mappings(found, "managedDnsChallenges"), late.item)
    except LinkproofError:
        return None
    return with_dot(name if late.output == CHALLENGE_NAME else value)


def _target(subscription: Resource) -> str | None:
    try:
        return target_of(_mappings(subscription, "managedHttpChallenges"))
    except LinkproofError:
        return None


def _led_to(state: State, host: str) -> frozenset[str]:
    """The names of Fastly's that the click record leads to: an activation does not say where its host must lead."""
    record = state.record(f"{host}/CNAME")
    sides = (record.inputs, record.outputs) if record is not None else ()
    return frozenset(with_dot(found[0]) for side in sides for found in _TARGET.finditer(str(side)))


def _mappings(resource: Resource, name: str) -> list[Mapping[str, Any]]:
    return [one for one in resource.outputs.get(name) or () if isinstance(one, Mapping)]


def _origins(resource: Resource) -> frozenset[str]:
    return frozenset(
        str(backend["address"]).removesuffix(".")
        for side in (resource.inputs, resource.outputs)
        for backend in side.get("backends") or ()
        if isinstance(backend, Mapping) and backend.get("address")
    )
