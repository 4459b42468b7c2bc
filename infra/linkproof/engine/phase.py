"""What the engine's state says of a link's phase and edge, whatever the declaration claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from linkproof.engine.state import DISTRIBUTION, RECORD_TYPES, Resource, State, values_in

StatePhase = Literal["branded", "ready", "live"]
_ORDER: Final[tuple[StatePhase, ...]] = ("branded", "ready", "live")


def phase_in_state(state: State, host: str) -> StatePhase | None:
    """The furthest of `phases_in_state`; None when the link was never deployed."""
    return max(phases_in_state(state, host), key=_ORDER.index, default=None)


def phases_in_state(state: State, host: str) -> frozenset[StatePhase]:
    """Where the link is; two phases where inputs and outputs of its click record differ, none when it was never deployed.

    `live` stands for `live` and `secured`, which look alike from here.
    """
    record = state.record(f"{host}/CNAME")
    distribution = state.find(DISTRIBUTION, host)
    if record is None:
        return frozenset() if distribution is None else frozenset({"ready"})
    domain = distribution.outputs.get("domainName") if distribution is not None else None
    idle: StatePhase = "ready" if distribution is not None or host in state.ruleset_hosts else "branded"
    sides = [side for side in (record.inputs, record.outputs) if values_in(side)] or [record.inputs]
    return frozenset("live" if _leads_to_edge(side, domain) else idle for side in sides)


def edge_in_state(state: State, host: str) -> str | None:
    """What the deployed edge is: `cloudfront (account cdn)`, `cloudflare`; None where the state shows none."""
    distribution = state.find(DISTRIBUTION, host)
    if distribution is not None:
        return f"cloudfront (account {distribution.account or 'default'})"
    record = state.record(f"{host}/CNAME")
    proxied = record is not None and any(side.get("proxied") for side in (record.inputs, record.outputs))
    return "cloudflare" if proxied or host in state.ruleset_hosts else None


def hosts_in_state(state: State) -> Iterator[str]:
    """Every host with an edge, so also those that no output knows: of an `up` that failed before its end."""
    for resource in state.resources:
        if resource.type == DISTRIBUTION:
            yield resource.name
        elif resource.type in RECORD_TYPES and resource.name.endswith("/CNAME") and record_at_edge(resource):
            yield resource.name.removesuffix("/CNAME")
    yield from sorted(state.ruleset_hosts)


def record_at_edge(record: Resource) -> bool:
    return _leads_to_edge(record.inputs, None) or _leads_to_edge(record.outputs, None)


def _leads_to_edge(properties: Mapping[str, Any], domain: str | None) -> bool:
    """Proxied by Cloudflare, or pointing at a distribution: at any, and at that of this domain."""
    return bool(properties.get("proxied")) or any(
        value.endswith(".cloudfront.net.") or value == f"{domain}." for value in values_in(properties)
    )
