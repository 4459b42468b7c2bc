"""What the engine's state says of a link's phase and edge, whatever the declaration claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal

from linkproof import registry
from linkproof.contract.dns import RecordSeen
from linkproof.contract.edge import EdgeSeen
from linkproof.contract.state import Resource, State
from linkproof.engine.state import record_sides, record_types

StatePhase = Literal["branded", "ready", "live"]
_ORDER: Final[tuple[StatePhase, ...]] = ("branded", "ready", "live")


class EdgesSeen:
    """Every edge of a state, by the click host, with its provider."""

    def __init__(self, state: State) -> None:
        self.by_host: dict[str, list[tuple[str, EdgeSeen]]] = defaultdict(list)
        for plugin in registry.edges():
            for seen in plugin.state.seen(state) if plugin.state is not None else ():
                self.by_host[seen.host].append((plugin.name, seen))

    def of(self, host: str) -> list[tuple[str, EdgeSeen]]:
        """Those that exist, with their provider."""
        return [(provider, seen) for provider, seen in self.by_host.get(host, ()) if not seen.is_leaving]


@lru_cache(maxsize=4)
def edges_seen(state: State) -> EdgesSeen:
    """Read once for each state: a guard asks for every link."""
    return EdgesSeen(state)


def phase_in_state(state: State, host: str) -> StatePhase | None:
    """The furthest of `phases_in_state`; None when the link was never deployed."""
    return max(phases_in_state(state, host), key=_ORDER.index, default=None)


def phases_in_state(state: State, host: str) -> frozenset[StatePhase]:
    """Where the link is; two phases where inputs and outputs of its click record differ, none when it was never deployed.

    `live` stands for `live` and `secured`, which look alike from here.
    """
    record = state.record(f"{host}/CNAME")
    seen = [edge for _, edge in edges_seen(state).of(host)]
    if record is None:
        # rules alone are no edge yet: there it is the record that makes one
        return frozenset({"ready"}) if any(edge.account is not None for edge in seen) else frozenset()
    names = frozenset(name for edge in seen for name in edge.names)
    idle: StatePhase = "ready" if seen else "branded"
    both = list(record_sides(record))
    sides = [side for side in both if side.values] or both[:1]
    return frozenset("live" if _leads_to_edge(side, names) else idle for side in sides)


def edge_in_state(state: State, host: str) -> tuple[str, str | None] | None:
    """Provider and account of the deployed edge; None where the state shows none.

    Of two, the one that the click record leads to comes first; then an object that holds the host.
    """
    leading = leading_in_state(state, host)
    seen = sorted(edges_seen(state).of(host), key=lambda one: (one[0] not in leading, one[1].account is None))
    if seen:
        provider, edge = seen[0]
        return provider, edge.account
    return next(((provider, None) for provider in leading if provider == _proxy(state, host)), None)


def leading_in_state(state: State, host: str) -> frozenset[str]:
    """The providers of the edges that the click record leads to; two where an update of it was interrupted."""
    record, found = state.record(f"{host}/CNAME"), set[str]()
    for side in record_sides(record) if record is not None else ():
        proxy = _proxy(state, host)
        if side.proxied and proxy is not None:
            found.add(proxy)
            continue
        found.update(provider for provider, seen in edges_seen(state).of(host) if seen.names.intersection(side.values))
        for plugin in registry.edges():
            if plugin.state is not None and any(map(plugin.state.leads_here, side.values)):
                found.add(plugin.name)
    return frozenset(found)


def _proxy(state: State, host: str) -> str | None:
    """The edge that the record's DNS host is by itself; None where it is none."""
    record = state.record(f"{host}/CNAME")
    return registry.dns(record_types()[record.type]).facts.PROXY if record is not None else None


def hosts_in_state(state: State) -> Iterator[str]:
    """Every host with an edge, so also those that no output knows: of an `up` that failed before its end."""
    for host, seen in edges_seen(state).by_host.items():
        if any(not edge.is_leaving for _, edge in seen):
            yield host
    for resource in state.of_types(*state.record_types):
        if resource.name.endswith("/CNAME") and record_at_edge(resource):
            yield resource.name.removesuffix("/CNAME")


def record_at_edge(record: Resource) -> bool:
    """Whether the record leads to an edge, of whatever stack."""
    return any(_leads_to_edge(side, frozenset()) for side in record_sides(record))


def leads_to_an_edge(name: str) -> bool:
    """Whether a name is one of any provider's edges."""
    return any(plugin.state.leads_here(name) for plugin in registry.edges() if plugin.state is not None)


def _leads_to_edge(side: RecordSeen, names: frozenset[str]) -> bool:
    """Proxied, or pointing at an edge: at any, and at those of these names."""
    return side.proxied or any(value in names or leads_to_an_edge(value) for value in side.values)
