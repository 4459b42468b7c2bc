"""A link's edge: exchanged while nobody uses it, or for one that stands by; and between accounts only where neither exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkproof import registry
from linkproof.contract.declared import Link
from linkproof.contract.guard import Refusal
from linkproof.contract.state import State
from linkproof.declaration.model import Declaration
from linkproof.declaration.past_moves import KEEP_OWN_HTTPS, NEW_HOST
from linkproof.engine.guard.deployed import Deployed, edges_in_use, had_own_https
from linkproof.engine.phase import edge_in_state, edges_seen

_IDLE = frozenset({"branded", "ready"})


def judge_edge(deployed: Deployed, declaration: Declaration, state: State) -> Iterator[Refusal]:
    """At most one refusal."""
    link = deployed.link
    if link is None or not deployed.past:
        return
    turned = _turns_own_https(deployed, link)
    if turned is not None:
        yield turned
        return
    other = _standby_of_another_account(deployed, declaration, state)
    if other is not None:
        yield other
        return
    if deployed.past == {"branded"} or deployed.stays_at_own_edge:
        return
    old, new = _changed(deployed, link, declaration, state), _edge(link, declaration)
    if old is None or _changes_places(deployed, link, declaration, state):
        return
    change = f"the edge changes from {_shown(old)} to {_shown(new) if new else 'none'} in phase {deployed.shown}"
    moves_account = new is not None and old[0] == new[0]
    if not (deployed.past <= _IDLE and link.phase in _IDLE):
        yield Refusal(
            "phase.edge-changed",
            deployed.host,
            change,
            "write `phase: ready` with the new edge first: the click host stays at the sender's own HTTPS while it is got ready; then step to live"
            if deployed.stood_at_own_edge
            else "step back with the old edge first, to branded; change the edge there and step forwards"
            if moves_account
            else _by_standby(deployed, link, declaration),
        )
    elif moves_account and link.phase != "branded":
        yield Refusal(
            "phase.edge-account",
            deployed.host,
            change,
            "step back to branded with the old edge, and deploy, so that nothing there holds the host any more; then change the edge and step to ready",
        )


def _turns_own_https(deployed: Deployed, link: Link) -> Refusal | None:
    """A link that takes the sender's own HTTPS up or gives it up, where the sender cannot do that, or not in this phase."""
    if deployed.said is None or had_own_https(deployed.said) == link.has_own_https:
        return None
    own = registry.sender(link.sender.provider).plan.edge_needs(link.sender).own_edge
    if own is None or (not own.fixed_because and deployed.is_only_branded):
        return None
    how = "takes up" if link.has_own_https else "gives up"
    fix = "do it in phase branded, and in a deployment of its own"
    if own.fixed_because:
        fix = NEW_HOST if link.has_own_https else KEEP_OWN_HTTPS
    because = f", and {own.fixed_because}" if own.fixed_because else ""
    return Refusal(
        "move.own-https",
        deployed.host,
        f"it {how} the sender's own HTTPS in phase {deployed.shown}{because}",
        fix,
    )


def _changes_places(deployed: Deployed, link: Link, declaration: Declaration, state: State) -> bool:
    """The click host moves to an edge that a finished deployment got ready beside its own, and its own stays in that one's place."""
    said, edge, standby = deployed.said, declaration.edge_of(link), declaration.standby_of(link)
    if said is None or edge is None or standby is None or link.phase not in deployed.past:
        return False
    if edge.provider not in _side_by_side(said) or not edges_in_use(deployed, state) <= {
        edge.provider,
        standby.provider,
    }:
        return False
    accounts = {seen.account for provider, seen in edges_seen(state).of(deployed.host) if provider == edge.provider}
    return not registry.edge(edge.provider).facts.HAS_ACCOUNT or edge.account in accounts


def _side_by_side(said: Mapping[str, Any]) -> frozenset[str]:
    """Both edges of a link that was exported with a standby."""
    if not said.get("standby_provider"):
        return frozenset()
    return frozenset({str(said.get("edge_provider") or said.get("edge")), str(said["standby_provider"])})


def _by_standby(deployed: Deployed, link: Link, declaration: Declaration) -> str:
    """How an edge in use is left for another without a click lost."""
    edge = declaration.edge_of(link)
    said = deployed.said or {}
    before = said.get("edge") or "the old one"
    if edge is None:
        return f"write `edge: {before}` again, and step back to branded one phase a deployment"
    if edge.provider in _side_by_side(said):
        return (
            f"write `standby: {before}` with it, in the same phase: answers of before lead there until they have died"
        )
    return (
        f"write `edge: {before}` and `standby: {edge.key}`, deploy, and let `linkproof verify` prove it; then let the two"
        " change places (docs/moving.md), or step back to ready with the old edge and change it there"
    )


def _standby_of_another_account(deployed: Deployed, declaration: Declaration, state: State) -> Refusal | None:
    """Such a provider gives a host to one object, and the one that stands by is in another account than is declared."""
    assert deployed.link is not None
    standby = declaration.standby_of(deployed.link)
    if standby is None or not registry.edge(standby.provider).facts.HAS_ACCOUNT:
        return None
    for provider, seen in edges_seen(state).of(deployed.host):
        if provider == standby.provider and seen.account not in (None, standby.account):
            return Refusal(
                "phase.edge-account",
                deployed.host,
                f"the host is held in account {seen.account} of {provider}, and `standby: {standby.key}` is in account {standby.account}",
                "remove `standby` first, and deploy, so that nothing there holds the host any more; then write it again",
            )
    return None


Identity = tuple[str, str | None]


def _changed(deployed: Deployed, link: Link, declaration: Declaration, state: State) -> Identity | None:
    """The old edge where it is another one, by what it is and not by its key; None where it stays."""
    new = _edge(link, declaration)
    old = edge_in_state(state, deployed.host)
    if old is not None and old != new:
        return old
    exported = deployed.said
    said = exported.get("edge_provider") or exported.get("edge") if exported is not None else None
    if said is not None and said != (new[0] if new else None):
        return str(said), None
    return None


def _edge(link: Link, declaration: Declaration) -> Identity | None:
    """Provider and account, this where an object of the account holds the host; None without an edge."""
    edge = declaration.edge_of(link)
    if edge is None:
        return None
    return edge.provider, edge.account if registry.edge(edge.provider).facts.HAS_ACCOUNT else None


def _shown(edge: Identity) -> str:
    """`cloudfront (account cdn)`, `cloudflare`."""
    provider, account = edge
    return f"{provider} (account {account})" if account is not None else provider
