"""How long an edge that clicks have left still stays for those who come late, by the history of the click record. Pure.

After TTL and propagation people still come to the old edge: through resolvers that serve stale answers, which they do at the next click
there, days later (unbound `serve-expired`, CoreDNS `serve_stale`, dnsmasq `--use-stale-cache`), over connections that are kept, from
programs with a cache of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from linkproof.contract.state import State
from linkproof.declaration.drain import drain_of
from linkproof.declaration.model import Declaration
from linkproof.engine.guard.deployed import Deployed, deployed_links
from linkproof.engine.lifetime import answers_live_until
from linkproof.engine.phase import edges_seen
from linkproof.history.read import read_history


@dataclass(frozen=True, slots=True)
class Draining:
    """An edge that clicks have left.

    Args:
        edges: the providers of the host's edges that stay.
        left: when the click host left them, aware.
        until: when they may go, whoever still comes, aware.
        seconds: how long they stay, as declared.
    """

    host: str
    edges: frozenset[str]
    left: datetime
    until: datetime
    seconds: int


def draining_of(
    host: str, edges: frozenset[str], left: datetime, declaration: Declaration, deployed: Deployed | None
) -> Draining:
    """What a host that left its edges then leaves behind.

    Args:
        left: when, aware.
        deployed: the link, which tells by which keys its edges were named.
    """
    seconds = drain_of(declaration, edges, _keys(deployed))
    return Draining(host, edges, left, left + timedelta(seconds=seconds), seconds)


def drains_by_host(declaration: Declaration, state: State, now: datetime) -> dict[str, Draining]:
    """What drains now, by the state alone: of two edges of a host the one that stays longer. Where people write the record nobody knows.

    Args:
        now: aware.
    """
    history, seen = read_history(state), edges_seen(state)
    found: dict[str, Draining] = {}
    for deployed in deployed_links(declaration, state):
        host = deployed.host
        alive = [
            draining
            for edge in sorted({provider for provider, _ in seen.of(host)})
            if (lifetime := answers_live_until(host, 0, state, history, now, frozenset({edge}))) is not None
            and lifetime.left < now
            and (draining := draining_of(host, frozenset({edge}), lifetime.left, declaration, deployed)).until > now
        ]
        if alive:
            found[host] = max(alive, key=lambda one: one.until)
    return found


def _keys(deployed: Deployed | None) -> frozenset[str]:
    if deployed is None:
        return frozenset()
    link, said = deployed.link, deployed.said or {}
    named = [link.edge, link.standby] if link is not None else []
    return frozenset(str(key) for key in (*named, said.get("edge"), said.get("standby")) if key)
