"""What one declaration may become: the rules that need the one before it.

A link's identity is its click host. A renamed key is no change; another click host is a link that leaves and a new one.
"""

from __future__ import annotations

from linkproof import registry
from linkproof.contract.declared import MANAGED, PHASES, Link
from linkproof.declaration.model import Declaration
from linkproof.declaration.past_hosts import host_moves
from linkproof.declaration.past_moves import account_moves, own_https_turns, ruleset_moves, zone_moves
from linkproof.declaration.problem import Problem
from linkproof.show import show_host


def compare(base: Declaration, head: Declaration) -> list[Problem]:
    """The steps from `base` to `head` that are not allowed, placed in `head`.

    A link that is only in `head` may start in any phase.
    """
    now = {link.click_host: link for link in head.links.values()}
    problems = [*zone_moves(base, head), *host_moves(base, head)]
    for old in base.links.values():
        new = now.get(old.click_host)
        if new is None:
            problems += _leaves(old, base, head)
            continue
        turned = own_https_turns(old, new, head)
        if turned:
            problems += turned
            continue
        moved = _moves_edge(old, new, base, head)
        problems += (
            [moved] if moved is not None else [*_steps(old, new, base, head), *ruleset_moves(old, new, base, head)]
        )
        problems += account_moves(old, new, head)
    return problems


def _leaves(old: Link, base: Declaration, head: Declaration) -> list[Problem]:
    if old.phase == "branded":
        return []
    successor = head.links.get(old.key)
    path = f"{old.path}.click_host" if successor else old.path
    changed = f"; {old.path} has {successor.click_host} now, which is a new link" if successor else ""
    message = (
        f"{show_host(old.click_host)} leaves the declaration from phase {old.phase} ({base.place(old.path)}){changed}"
    )
    fix = f"keep it, and go back to branded one deployment at a time: {_way_back(old, base)}; then remove it"
    return [Problem("past.leaves-only-branded", head.place(path), path, message, fix)]


def _steps(old: Link, new: Link, base: Declaration, head: Declaration) -> list[Problem]:
    path = f"{new.path}.phase"
    if _identity(old, base) != _identity(new, head) and stays_at_own_edge(old, new):
        return []
    way = phases_of(new, head)
    if old.phase not in way or new.phase not in way or abs(way.index(old.phase) - way.index(new.phase)) <= 1:
        return []
    direction = 1 if way.index(new.phase) > way.index(old.phase) else -1
    following = way[way.index(old.phase) + direction]
    message = f"{show_host(new.click_host)} goes from {old.phase} to {new.phase} in one deployment"
    fix = f"write `phase: {following}`, deploy and verify, then take the next step"
    return [Problem("past.phase-step", head.place(path), path, message, fix)]


def stays_at_own_edge(old: Link, new: Link) -> bool:
    """Whether the click host stands at the sender's own HTTPS before and after: no click can tell which edge is got ready meanwhile."""
    return old.stands_at_own_edge and new.stands_at_own_edge


def _moves_edge(old: Link, new: Link, base: Declaration, head: Declaration) -> Problem | None:
    before, after = _identity(old, base), _identity(new, head)
    idle = {"branded", "ready"}
    if before == after or (old.edge is None and old.phase == "branded") or stays_at_own_edge(old, new):
        return None
    # such a provider gives a host to one object, whoever owns it: the old one must be gone first
    stays_at = before is not None and after is not None and before[0] == after[0]
    moves_account = (
        stays_at and before is not None and registry.edge(before[0]).facts.HAS_ACCOUNT and old.phase != "branded"
    )
    if old.phase in idle and new.phase in idle and not (moves_account and new.phase != "branded"):
        return None
    if before != after and _changes_places(old, new, base, head):
        return None
    path = f"{new.path}.edge"
    message = f"the edge of {show_host(new.click_host)} changes from {_named(old, base)} to {_named(new, head)}"
    if old.phase == new.phase == "ready":
        message += " while the distribution of the old account has the host"
        fix = "go back to branded with the old edge and deploy, so that it is gone; change the edge there, then forwards again"
    elif old.edge == MANAGED:
        message += f" in the same deployment as the click host moves to it ({new.phase})"
        fix = "write `phase: ready`, where the click host stays at the sender's own HTTPS; deploy and verify, then go to live"
    elif old.phase in idle:
        message += f" in the same deployment as its phase, from {old.phase} to {new.phase}"
        first = "branded" if "ready" not in phases_of(new, head) or moves_account else "ready"
        fix = f"change the edge with `phase: {first}`, deploy and verify, then go to {new.phase}"
    elif not moves_account and new.edge is not None and old.edge is not None:
        message += f" while it is {old.phase}"
        fix = _by_standby(old, new, base)
    else:
        message += f" while it is {old.phase}"
        fix = (
            f"keep edge {_named(old, base)} and go back one deployment at a time ({_way_back(old, base, to_idle=not moves_account)}); "
            f"change the edge there once the old TTL has passed; then forwards again"
        )
    return Problem("past.edge-change", head.place(path), path, message, fix)


def _changes_places(old: Link, new: Link, base: Declaration, head: Declaration) -> bool:
    """The standby becomes the edge, and the edge the standby, in one phase."""
    one, other = base.standby_of(old), head.standby_of(new)
    before, after = base.edge_of(old), head.edge_of(new)
    if one is None or other is None or before is None or after is None or old.phase != new.phase:
        return False
    return (one.provider, one.account, before.provider, before.account) == (
        after.provider,
        after.account,
        other.provider,
        other.account,
    )


def _by_standby(old: Link, new: Link, base: Declaration) -> str:
    """How an edge in use is left for another."""
    standby = base.standby_of(old)
    if standby is not None and standby.key == new.edge:
        return (
            f"write `standby: {old.edge}` with it, in the same phase: answers of before lead there until they have died"
        )
    return (
        f"write `edge: {old.edge}` and `standby: {new.edge}`, deploy and verify; then let the two change places (docs/moving.md), or go"
        f" back one deployment at a time ({_way_back(old, base, to_idle=True)}) and change the edge there"
    )


def phases_of(link: Link, declaration: Declaration) -> tuple[str, ...]:
    """The phases that the link's edge has, in their order."""
    edge = declaration.edge_of(link)
    return registry.edge(edge.provider).facts.PHASES if edge is not None else PHASES


def _named(link: Link, declaration: Declaration) -> str:
    """The edge as the file calls it, and what tells it from another that is called the same."""
    edge = declaration.edges.get(link.edge or "")
    return link.edge or "none" if edge is None else f"{edge.key} ({edge.provider}, account {edge.account})"


def _identity(link: Link, declaration: Declaration) -> tuple[str, str] | None:
    """What the edge is, not what it is called: provider and account; None without one."""
    edge = declaration.edge_of(link)
    return None if edge is None else (edge.provider, edge.account)


def _way_back(link: Link, declaration: Declaration, *, to_idle: bool = False) -> str:
    """The phases from here back to `branded`, or only to the first in which the edge is not in use."""
    way = phases_of(link, declaration)
    first = 1 if to_idle and "ready" in way else 0
    return " → ".join(reversed(way[first : way.index(link.phase)]))
