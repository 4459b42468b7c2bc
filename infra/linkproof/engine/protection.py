"""What the engine refuses to delete: whose it is, and what of it may be let go."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof import registry
from linkproof.contract.items import Record
from linkproof.contract.state import Resource, State
from linkproof.engine.phase import phase_in_state
from linkproof.errors import LinkproofError
from linkproof.plan.model import Plan


def all_protected(state: State) -> list[str]:
    """The URNs of everything that is protected."""
    return [resource.urn for resource in (*state.resources, *state.leaving) if resource.protect]


def leaving_protected(plan: Plan, state: State) -> Iterator[Resource]:
    """What is protected and not planned: an `up` would fail at it."""
    planned = _planned(plan)
    for resource in state.resources:
        if resource.protect and _identity(resource, state) not in planned:
            yield resource


def protected(state: State, name: str, remaining: Plan, declared: Plan | None = None) -> list[str]:
    """The URNs that are let go with one click host, tracking host or shared resource: those that nothing else needs.

    Args:
        name: a click host, a tracking host, or the name of what links share (an owner host, a policy, a ruleset).
        remaining: what everything else needs: the plan without the link.
        declared: the whole plan, where the link stays: then what another certificate replaces is let go, its edge and its records never.

    Raises:
        LinkproofError: it is not deployed, its link is not back in phase branded, or something else needs it.
    """
    mine = [resource for resource in state.resources if name in (resource.name, host_of(resource.name))]
    if not mine:
        raise LinkproofError(
            f"{name} is not deployed in this stack", "name a link's key, its click host, or what links share"
        )
    phase = phase_in_state(state, name)
    replaced = _replaced(state, name, mine, declared) if declared is not None and phase not in (None, "branded") else []
    if replaced:
        return [resource.urn for resource in replaced]
    if phase not in (None, "branded"):
        raise LinkproofError(
            f"{name} is {phase}: only a link in phase branded is let go",
            "step back one phase at a time, with a deployment for each",
        )
    planned = _planned(remaining)
    needed = [resource.name for resource in mine if _identity(resource, state) in planned]
    if needed:
        raise LinkproofError(
            f"{', '.join(needed)} is needed by what is declared", "take what needs it out of the declaration first"
        )
    owner = _owner_of(state, name)
    shared = [r for r in state.resources if owner is not None and r.name == f"{owner}/CNAME"]
    mine += [resource for resource in shared if _identity(resource, state) not in planned]
    return [resource.urn for resource in mine if resource.protect]


def _replaced(state: State, host: str, mine: list[Resource], declared: Plan) -> list[Resource]:
    """What of a link in use the declaration no longer has, while its click record and its edge stay: a certificate and what proves it."""
    planned = _planned(declared)
    staying = [resource for resource in mine if _identity(resource, state) in planned]
    has_edge = any(resource.name == host and not state.is_record(resource) for resource in staying)
    if not has_edge or not any(resource.name == f"{host}/CNAME" for resource in staying):
        return []
    return [resource for resource in mine if resource.protect and resource not in staying]


def host_of(resource_name: str) -> str:
    """The click host whose own a resource is, by its name; the name itself where it says none."""
    host, _, role = resource_name.rpartition("/")
    is_own = role in ("CNAME", "brand", *registry.EDGES) or role.endswith("validation")
    return host if host and is_own else resource_name


def _owner_of(state: State, host: str) -> str | None:
    for entry in (state.outputs.get("links") or {}).values():
        if isinstance(entry, dict) and entry.get("click_host") == host:
            owner: str | None = entry.get("owner_host")
            return owner
    return None


_RECORD = "record"


def _identity(resource: Resource, state: State) -> tuple[str, str]:
    """What it is and its name. A record is one whoever serves it: it does not leave, it moves."""
    return (_RECORD if state.is_record(resource) else resource.type), resource.name


def _planned(plan: Plan) -> frozenset[tuple[str, str]]:
    """The same of everything that is to exist; also of a record in a zone that people write."""
    return frozenset(
        (_RECORD if isinstance(item, Record) else item.engine_type, item.resource)
        for item in plan.items
        if isinstance(item, Record) or item.is_ours
    )
