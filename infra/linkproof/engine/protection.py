"""What the engine refuses to delete: whose it is, and what of it may be let go."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.engine.phase import phase_in_state
from linkproof.engine.state import CERTIFICATE, DISTRIBUTION, POLICY, RECORD_TYPES, RULESET, Resource, State
from linkproof.errors import LinkproofError
from linkproof.plan.model import Plan


def all_protected(state: State) -> list[str]:
    """The URNs of everything that is protected."""
    return [resource.urn for resource in (*state.resources, *state.leaving) if resource.protect]


def leaving_protected(plan: Plan, state: State) -> Iterator[Resource]:
    """What is protected and not planned: an `up` would fail at it."""
    planned = _planned(plan)
    for resource in state.resources:
        if resource.protect and _kind(resource) is not None and (_kind(resource), resource.name) not in planned:
            yield resource


def protected(state: State, name: str, remaining: Plan) -> list[str]:
    """The URNs that are let go with one click host, tracking host or shared resource: those that nothing else needs.

    Args:
        name: a click host, a tracking host, or the name of what links share (an owner host, a policy, a ruleset).
        remaining: what everything else needs: the plan without the link.

    Raises:
        LinkproofError: it is not deployed, its link is not back in phase branded, or something else needs it.
    """
    mine = [r for r in state.resources if r.name in (name, f"{name}/CNAME", f"{name}/validation")]
    if not mine:
        raise LinkproofError(
            f"{name} is not deployed in this stack", "name a link's key, its click host, or what links share"
        )
    phase = phase_in_state(state, name)
    if phase not in (None, "branded"):
        raise LinkproofError(
            f"{name} is {phase}: only a link in phase branded is let go",
            "step back one phase at a time, with a deployment for each",
        )
    planned = _planned(remaining)
    needed = [resource.name for resource in mine if (_kind(resource), resource.name) in planned]
    if needed:
        raise LinkproofError(
            f"{', '.join(needed)} is needed by what is declared", "take what needs it out of the declaration first"
        )
    owner = _owner_of(state, name)
    shared = [r for r in state.resources if owner is not None and r.name == f"{owner}/CNAME"]
    mine += [resource for resource in shared if (_kind(resource), resource.name) not in planned]
    return [resource.urn for resource in mine if resource.protect]


def _owner_of(state: State, host: str) -> str | None:
    for entry in (state.outputs.get("links") or {}).values():
        if isinstance(entry, dict) and entry.get("click_host") == host:
            owner: str | None = entry.get("owner_host")
            return owner
    return None


def _kind(resource: Resource) -> str | None:
    """The kind of plan item; None for what no plan names."""
    kinds = {CERTIFICATE: "certificate", DISTRIBUTION: "distribution", POLICY: "policy", RULESET: "ruleset"}
    return "record" if resource.type in RECORD_TYPES else kinds.get(resource.type)


def _planned(plan: Plan) -> frozenset[tuple[str | None, str]]:
    """Kind and name of everything that is to exist; also in a zone that people write: it does not leave, it moves."""
    return frozenset(
        [
            *(("record", r.resource) for r in plan.records),
            *(("certificate", c.resource) for c in plan.certificates),
            *(("distribution", d.resource) for d in plan.distributions),
            *(("policy", p.resource) for p in plan.policies),
            *(("ruleset", r.resource) for r in plan.rulesets if r.ours),
        ]
    )
