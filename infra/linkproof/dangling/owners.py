"""Whose a name's target is: by the object at its vendor, and by what answers for the host from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from linkproof import registry
from linkproof.dangling.judge import Owner
from linkproof.engine.find import candidates, finders
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.contract.state import Resource, State
    from linkproof.engine.clients import Clients
    from linkproof.plan.model import Plan
    from linkproof.verify.result import Finding, VerificationResult

# What answers there says that it does not have the host, or is not the one that was deployed.
_NOT_OURS: Final = frozenset(
    {"app.bad-hostname", "dns.wrong-owner", "http.wrong-owner", "http.edge-unconfigured", "http.wrong-edge", "http.stranger"}
)  # fmt: skip
_UNPROVEN: Final = "nothing proves it: no object of this stack holds it, and nothing was asked from outside"


def owners(
    names: Iterable[str], plan: Plan, state: State, result: VerificationResult | None, clients: Callable[[], Clients]
) -> dict[str, Owner]:
    """Each name's, the vendor's word before the answer from outside.

    Args:
        result: of a verification; None where none could be made.
        clients: called only where a vendor can be asked.
    """
    by_host = _objects(state)
    return {name: _owner(name, by_host.get(name, []), plan, result, clients) for name in names}


def _objects(state: State) -> dict[str, list[Resource]]:
    """The objects that can be looked for at a vendor, by the host that they hold; records hold none."""
    types = {rtype for maker in registry.makers() if maker.state is not None for rtype in maker.state.TYPES}
    found: dict[str, list[Resource]] = {}
    for resource in (*state.resources, *state.leaving):
        if resource.type in types and resource.type in finders() and not state.is_record(resource):
            held = resource.inputs.get("aliases") or [resource.name.partition("/")[0]]
            for host in held if isinstance(held, list) else []:
                found.setdefault(str(host), []).append(resource)
    return found


def _owner(
    name: str, objects: list[Resource], plan: Plan, result: VerificationResult | None, clients: Callable[[], Clients]
) -> Owner:
    told = [_at_vendor(one, clients) for one in objects]
    for whose in ("not ours", "gone"):
        bad = next((one for one in told if one.whose == whose), None)
        if bad is not None:
            return bad
    outside = _from_outside(name, plan, result)
    if outside.whose == "not ours":
        return outside
    return next((one for one in told if one.whose == "ours"), outside)


def _at_vendor(resource: Resource, clients: Callable[[], Clients]) -> Owner:
    shown = f"{resource.name} ({resource.type.rpartition(':')[2]})"
    try:
        held = candidates(resource.type, resource.inputs, clients(), resource.account or "default")
    except LinkproofError as error:
        return Owner("not known", f"{shown}: {error.problem}")
    mine = [one for one in held if resource.id in (one.id, one.kept)]
    if any(not one.doubt for one in mine):
        return Owner("ours", f"{shown} is at its vendor, with this stack's mark")
    if mine:
        return Owner("ours", f"{shown} is at its vendor, by its id")
    if held:
        return Owner(
            "not ours", f"{held[0].what} is there in place of {resource.id}: {held[0].doubt or 'another object'}"
        )
    return Owner("gone", f"{shown}: its vendor has no such object any more")


def _from_outside(name: str, plan: Plan, result: VerificationResult | None) -> Owner:
    """By the endpoints of its link, and the planted mark (a TXT record, or what the edge answers)."""
    keys = {link.key for link in plan.links if name in (link.click_host, link.owner_host)}
    keys |= {host.key for host in plan.hosts if host.host == name}
    if result is None or not keys:
        return Owner("not known", _UNPROVEN)
    ids = {cell.id for cell in result.cells if cell.id.rpartition("/")[0] in keys}
    bad = [one for one in result.findings if one.rule in _NOT_OURS and _is_about(one, name, ids, plan)]
    if bad:
        first = bad[0]
        return Owner("not ours", f"{first.why}: answered {first.observed} at {first.vantage.server}")
    endpoints = {check.id for check in plan.endpoints if check.host == name} & ids
    right = {cell.id for cell in result.cells if cell.state == "right"}
    wrong = {cell.id for cell in result.cells if cell.state in ("differs", "could-not-check")}
    if endpoints and endpoints <= right - wrong:
        return Owner("ours", "what answers for the host is what was declared")
    records = {record.id for record in plan.records if record.name == name}
    if not endpoints and records and records <= right - wrong:
        return Owner("ours", "it is served as declared, and no click ends there")
    return Owner("not known", "what answers for the host could not be proven")


def _is_about(finding: Finding, name: str, ids: set[str], plan: Plan) -> bool:
    """Of a host's endpoint or record alone: what is wrong with the click host is not so of its owner host."""
    about = set(finding.affects or (finding.id,)) & ids
    hosts = {check.host for check in plan.endpoints if check.id in about}
    hosts |= {str(record.name) for record in plan.records if record.id in about}
    return name in hosts
