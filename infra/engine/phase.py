"""What the engine's state says of a link's phase, whatever the declaration claims."""

from __future__ import annotations

from typing import Literal

from infra.engine.state import DISTRIBUTION, RULESET, State, record_values

StatePhase = Literal["branded", "ready", "live"]


def phase_in_state(state: State, host: str) -> StatePhase | None:
    """`live` stands for `live` and `secured`, which look alike from here; None when the link was never deployed."""
    record = state.record(f"{host}/CNAME")
    distribution = state.find(DISTRIBUTION, host)
    if record is None:
        return None if distribution is None else "ready"
    domain = distribution.outputs.get("domainName") if distribution is not None else None
    if record.inputs.get("proxied") or (domain and f"{domain}." in record_values(record)):
        return "live"
    if any(value.endswith(".cloudfront.net.") for value in record_values(record)):
        return "live"
    return "ready" if distribution is not None or _in_a_ruleset(state, host) else "branded"


def _in_a_ruleset(state: State, host: str) -> bool:
    return any(
        f'"{host}"' in str(rule.get("expression"))
        for resource in state.resources
        if resource.type == RULESET
        for rule in resource.inputs.get("rules") or ()
    )
