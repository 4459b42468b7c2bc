"""The steps that a deployment may take, judged against the last outputs and the state: the worse of the two counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from infra.declaration.model import MANAGED, PHASES, Declaration, Link
from infra.engine.phase import phase_in_state
from infra.engine.state import State, record_ttl_seconds, record_values

# What the state calls `live` may be either of these.
_AT_EDGE = ("live", "secured")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One step that must not be deployed."""

    rule: str
    host: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.host}: {self.message}; fix: {self.fix} [{self.rule}]"

    def to_json(self) -> dict[str, str]:
        return {"rule": self.rule, "host": self.host, "message": self.message, "fix": self.fix}


def judge(declaration: Declaration, state: State, previous: dict[str, Any] | None, now: datetime) -> list[Refusal]:
    """Every refused step.

    Args:
        declaration: what `pulumi up` would deploy.
        state: what the last deployment left, finished or not.
        previous: the last expectations.json, which knows the TTLs that were served; None loses nothing but precision.
        now: aware.
    """
    exported = {
        entry["click_host"]: entry for entry in (state.outputs.get("links") or {}).values() if isinstance(entry, dict)
    }
    declared = {link.click_host.text: link for link in declaration.links.values()}
    hosts = list(dict.fromkeys([*declared, *exported, *_deployed_click_hosts(state, exported)]))
    refusals: list[Refusal] = []
    for host in hosts:
        refusals += _judge_host(host, declared.get(host), exported.get(host), declaration, state, previous, now)
    return refusals


def _judge_host(
    host: str,
    link: Link | None,
    exported: dict[str, Any] | None,
    declaration: Declaration,
    state: State,
    previous: dict[str, Any] | None,
    now: datetime,
) -> Iterator[Refusal]:
    in_state = phase_in_state(state, host)
    said = exported["phase"] if exported is not None else None
    if in_state is None and (said is None or state.record(f"{host}/CNAME") is None):
        return  # never deployed, or only in outputs that outlived it: any phase may start
    past = {phase for phase in (said, in_state) if phase is not None}
    if said in _AT_EDGE and in_state == "live":
        past = {said}
    if link is None:
        if past != {"branded"}:
            yield Refusal(
                "phase.leaves-in-use",
                host,
                f"the link leaves the declaration in phase {_shown(past)}: its edge would go with its record",
                "put the link back and step it to branded, one phase a deployment; then remove it",
            )
        return
    skipped = [phase for phase in past if not _is_step(phase, link)]
    if skipped:
        yield Refusal(
            "phase.skipped",
            host,
            f"{_shown(set(skipped))} → {link.phase} is more than one step",
            f"deploy {' → '.join(_way(skipped[0], link.phase))} one at a time, with `linkproof verify` after each",
        )
        return
    old_edge = exported.get("edge") if exported is not None else None
    new_edge = link.edge
    if (
        old_edge not in (None, new_edge)
        and past != {"branded"}
        and not _same_provider(old_edge, new_edge, declaration, exported)
    ):
        yield Refusal(
            "phase.edge-changed",
            host,
            f"the edge changes from {old_edge} to {new_edge} in phase {_shown(past)}",
            "step back to branded with the old edge first, then change the edge and step forwards",
        )
    if link.phase == "branded" and "ready" in past:
        until = _still_held_until(host, declaration, state, previous)
        if until is not None and until > now:
            yield Refusal(
                "phase.edge-still-in-use",
                host,
                f"resolvers may hold the edge's address until {until.isoformat(timespec='seconds')}",
                "deploy again after that moment",
            )


def _is_step(phase: str, link: Link) -> bool:
    """One step forwards, back, or none. With a managed edge `branded` and `secured` are neighbours."""
    if link.edge == MANAGED:
        return True
    return abs(PHASES.index(phase) - PHASES.index(link.phase)) <= 1


def _way(start: str, end: str) -> list[str]:
    first, last = PHASES.index(start), PHASES.index(end)
    step = 1 if last > first else -1
    return [PHASES[n] for n in range(first, last + step, step)]


def _same_provider(old: object, new: str | None, declaration: Declaration, exported: dict[str, Any] | None) -> bool:
    """Whether only the edge's key was renamed."""
    edge = declaration.edges.get(new or "")
    return (
        str(old) not in declaration.edges
        and edge is not None
        and exported is not None
        and exported.get("edge_provider") == edge.provider
    )


def _still_held_until(
    host: str, declaration: Declaration, state: State, previous: dict[str, Any] | None
) -> datetime | None:
    """When the last resolver has forgotten that the host was at its edge; None when it never was."""
    record = state.record(f"{host}/CNAME")
    if record is None or record.modified is None or record.modified == record.created:
        return None
    held = None
    for entry in (previous or {}).get("previous", []):
        name = next((r["name"] for r in (previous or {}).get("records", []) if r["id"] == entry["record"]), "")
        if name == f"{host}." and not entry.get("absent"):
            held = entry
    if held is not None and (tuple(held["values"]), held.get("served")) == (record_values(record), "as-declared"):
        return None
    ttl = held["ttl_seconds"] if held is not None else record_ttl_seconds(record)
    zone = next((zone for zone in declaration.zones.values() if host.endswith(f".{zone.name}")), None)
    propagation = zone.propagation_seconds if zone is not None else 60
    return datetime.fromisoformat(record.modified) + timedelta(seconds=ttl + propagation)


def _deployed_click_hosts(state: State, exported: dict[str, Any]) -> Iterator[str]:
    """Hosts with an edge in the state that no output knows: an `up` that failed before its end."""
    from infra.engine.state import DISTRIBUTION

    for resource in state.resources:
        if resource.type == DISTRIBUTION and resource.name not in exported:
            yield resource.name


def _shown(phases: set[str]) -> str:
    return " or ".join(sorted(phases))
