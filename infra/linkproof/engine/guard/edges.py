"""A link's edge: exchanged only while nobody uses it, and between accounts only where neither exists."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.declaration.model import Declaration, Link
from linkproof.engine.guard.deployed import Deployed
from linkproof.engine.guard.refusal import Refusal
from linkproof.engine.phase import edge_in_state
from linkproof.engine.state import State

_IDLE = frozenset({"branded", "ready"})


def judge_edge(deployed: Deployed, declaration: Declaration, state: State) -> Iterator[Refusal]:
    """At most one refusal."""
    link = deployed.link
    if link is None or not deployed.past or deployed.past == {"branded"}:
        return
    old, new = _changed(deployed, link, declaration, state), _edge(link, declaration)
    if old is None:
        return
    change = f"the edge changes from {old} to {new or 'none'} in phase {deployed.shown}"
    moves_account = new is not None and old.partition(" ")[0] == new.partition(" ")[0]
    if not (deployed.past <= _IDLE and link.phase in _IDLE):
        yield Refusal(
            "phase.edge-changed",
            deployed.host,
            change,
            "step back with the old edge first, to "
            + ("branded" if moves_account else "ready (a managed one to branded)")
            + "; change the edge there and step forwards",
        )
    elif moves_account and link.phase != "branded":
        yield Refusal(
            "phase.edge-account",
            deployed.host,
            change,
            "step back to branded with the old edge, and deploy, so that its distribution is gone; then change the edge and step to ready",
        )


def _changed(deployed: Deployed, link: Link, declaration: Declaration, state: State) -> str | None:
    """The old edge where it is another one, by what it is and not by its key; None where it stays."""
    new = _edge(link, declaration)
    old = edge_in_state(state, deployed.host)
    if old is not None and old != new:
        return old
    exported = deployed.said
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
