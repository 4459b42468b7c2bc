"""The steps that a deployment may take, judged against the last outputs and the state: the worse of the two counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.declaration.model import MANAGED, PHASES, Declaration, Link
from infra.engine.held import held_until
from infra.engine.phase import edge_in_state, hosts_in_state, phase_in_state
from infra.engine.state import State
from infra.names import HostName, InvalidHostNameError

# What the state calls `live` may be either of these.
_AT_EDGE = ("live", "secured")
_IDLE = ("branded", "ready")


# What `linkproof explain` says of each refusal.
RULES = {
    "phase.skipped": "each phase proves what the next one relies on: one step per deployment, forwards or back",
    "phase.leaves-in-use": "a link leaves the declaration only from branded: its edge would go with its record",
    "phase.edge-changed": "an edge in use is not exchanged in place: clicks would meet one that is not ready",
    "phase.edge-still-in-use": "an edge is torn down only when no resolver can still lead a click to it",
    "record.still-protected": "the engine deletes no protected record, so that one line lost from a file loses no clicks:"
    " letting go of it is a step of its own",
}


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
    hosts = dict.fromkeys([*declared, *exported, *hosts_in_state(state)])
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
    past = _past(host, link, exported, declaration, state)
    if not past:
        return
    if link is None:
        if past != {"branded"}:
            yield Refusal(
                "phase.leaves-in-use",
                host,
                f"the link leaves the declaration in phase {_shown(past)}: its edge would go with its record",
                "put the link back and step it to branded, one phase a deployment; then remove it",
            )
        return
    # With a managed edge `branded` and `secured` are neighbours; whether it may be left is the edge's question.
    from_managed = exported is not None and exported.get("edge") == MANAGED and past == {"secured"}
    steps = [] if link.is_managed or from_managed else past
    skipped = sorted(phase for phase in steps if not _is_step(phase, link))
    if skipped:
        yield Refusal(
            "phase.skipped",
            host,
            f"{_shown(set(skipped))} → {link.phase} is more than one step",
            f"deploy {' → '.join(_way(skipped[0], link.phase))} one at a time, with `linkproof verify` after each",
        )
        return
    changed = _changed_edge(host, link, exported, declaration, state) if past != {"branded"} else None
    idle = past <= set(_IDLE) and link.phase in _IDLE
    if changed is not None and not idle:
        yield Refusal(
            "phase.edge-changed",
            host,
            f"the edge changes from {changed} to {_edge(link, declaration) or 'none'} in phase {_shown(past)}",
            "step back with the old edge first, to ready (a managed one to branded); change the edge there and step forwards",
        )
        return
    if "ready" in past and (link.phase == "branded" or changed is not None):
        until = held_until(host, declaration.zone_of(link.click_host).propagation_seconds, state, previous)
        if until is not None and until > now:
            yield Refusal(
                "phase.edge-still-in-use",
                host,
                f"resolvers may hold the edge's address until {until.isoformat(timespec='seconds')}",
                "deploy again after that moment",
            )


def _past(
    host: str, link: Link | None, exported: dict[str, Any] | None, declaration: Declaration, state: State
) -> set[str]:
    """The phases that the link may be in now; none for a link that was never deployed, which may start anywhere."""
    said = exported["phase"] if exported is not None else None
    in_state = phase_in_state(state, host)
    if state.record(f"{host}/CNAME") is None:
        # In a manual zone people write the click record. Elsewhere it was never made (a first `up` that failed: what
        # exists of the edge is not in use), or it is gone.
        return {said} if said is not None and (in_state is not None or _is_manual(host, declaration)) else set()
    past = {phase for phase in (said, in_state) if phase is not None}
    if said in _AT_EDGE and in_state == "live":
        return {said}
    if said == "ready" and in_state == "branded" and link is not None and _leaves_no_trace(link, declaration):
        return {said}
    if said == "secured" and in_state == "branded" and exported is not None and exported.get("edge") == MANAGED:
        return {said}
    return past


def _is_manual(host: str, declaration: Declaration) -> bool:
    try:
        zone = declaration.find_zone(HostName(host))
    except InvalidHostNameError:
        return False
    return zone is None or zone.dns == "manual"


def _leaves_no_trace(link: Link, declaration: Declaration) -> bool:
    """Whether `ready` makes nothing of ours: at Cloudflare, where somebody else owns the zone's rulesets."""
    edge = declaration.edge_of(link)
    return edge is not None and edge.provider == "cloudflare" and edge.rulesets == "external"


def _is_step(phase: str, link: Link) -> bool:
    """One step forwards, back, or none."""
    return abs(PHASES.index(phase) - PHASES.index(link.phase)) <= 1


def _way(start: str, end: str) -> list[str]:
    first, last = PHASES.index(start), PHASES.index(end)
    step = 1 if last > first else -1
    return [PHASES[n] for n in range(first, last + step, step)]


def _changed_edge(
    host: str, link: Link, exported: dict[str, Any] | None, declaration: Declaration, state: State
) -> str | None:
    """The old edge where it is another one, by what it is and not by its key; None where it stays."""
    new = _edge(link, declaration)
    old = edge_in_state(state, host)
    if old is not None and old != new:
        return old
    said = exported.get("edge_provider") or exported.get("edge") if exported is not None else None
    if said is not None and said != (new or "").partition(" ")[0]:
        return str(said)
    return None


def _edge(link: Link, declaration: Declaration) -> str | None:
    """What the edge is: `cloudfront (account cdn)`, `cloudflare`, `managed`; None without one."""
    edge = declaration.edge_of(link)
    if edge is None:
        return link.edge
    return f"{edge.provider} (account {edge.account})" if edge.provider == "cloudfront" else edge.provider


def _shown(phases: set[str]) -> str:
    return " or ".join(sorted(phases))
