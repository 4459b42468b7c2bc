"""What the engine's state says of a link's phase and edge, whatever the declaration claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from infra.engine.state import DISTRIBUTION, RECORD_TYPES, Resource, State, record_values

StatePhase = Literal["branded", "ready", "live"]


def phase_in_state(state: State, host: str) -> StatePhase | None:
    """`live` stands for `live` and `secured`, which look alike from here; None when the link was never deployed."""
    record = state.record(f"{host}/CNAME")
    distribution = state.find(DISTRIBUTION, host)
    if record is None:
        return None if distribution is None else "ready"
    domain = distribution.outputs.get("domainName") if distribution is not None else None
    if record_at_edge(record) or (domain and f"{domain}." in record_values(record)):
        return "live"
    return "ready" if distribution is not None or host in state.ruleset_hosts else "branded"


def edge_in_state(state: State, host: str) -> str | None:
    """What the deployed edge is: `cloudfront (account cdn)`, `cloudflare`; None where the state shows none."""
    distribution = state.find(DISTRIBUTION, host)
    if distribution is not None:
        return f"cloudfront (account {distribution.account or 'default'})"
    record = state.record(f"{host}/CNAME")
    proxied = record is not None and bool(record.inputs.get("proxied"))
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
    """Proxied by Cloudflare, or pointing at a distribution."""
    return bool(record.inputs.get("proxied")) or any(
        value.endswith(".cloudfront.net.") for value in record_values(record)
    )
