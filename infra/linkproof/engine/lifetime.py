"""Until when a resolver may lead people to an edge that the click host has left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from linkproof.contract.state import State
from linkproof.engine.phase import leading_in_state, record_at_edge
from linkproof.history.read import History, Once
from linkproof.history.served import Served


@dataclass(frozen=True, slots=True)
class AnswerLifetime:
    """An edge that answers may still lead to.

    Args:
        until: when the last of them has died, aware.
        why: what is known of the last moment at which a server gave such an answer, in words.
        left: when a server can last have given it, aware, by the record alone: without what its zone's servers may differ.
    """

    until: datetime
    why: str
    left: datetime


def answers_live_until(
    host: str,
    propagation_seconds: int,
    state: State,
    history: History,
    now: datetime,
    edges: frozenset[str] | None = None,
) -> AnswerLifetime | None:
    """The latest moment at which an answer that leads to the host's edge may live; None when none was ever given.

    Every value that the record ever served counts with the TTL that it had then, since a TTL that is lowered
    later does not shorten the life of an answer that was given before.

    Args:
        host: the click host.
        propagation_seconds: of its zone: so much later its servers may still have given the old answer.
        state: as the last deployment left it.
        history: of the stack's records.
        now: aware; what may still be served ends at this moment at the earliest.
        edges: the providers in question; None for all. An answer that nobody knows may lead to any.
    """
    key = f"{host}/CNAME"
    record = state.record(key)
    if record is None:
        return None  # people write it: when it left is for DNS to say, not for us
    found: list[AnswerLifetime] = []
    current = history.current(key)
    is_there = record_at_edge(record) if edges is None else not edges.isdisjoint(leading_in_state(state, host))
    if is_there:
        ttl = max(history.longest_ttl_seconds(key), current.ttl_seconds if current else 0)
        found.append(_lifetime(now, ttl, propagation_seconds, "the record is at the edge now"))
    elif current is not None and _led_to(current, edges):
        found.append(
            _lifetime(now, current.ttl_seconds, propagation_seconds, "a deployment that moves it there did not finish")
        )
    for once in history.once(key, record):
        if once.served is None or _led_to(once.served, edges):
            propagation = max(propagation_seconds, once.served.propagation_seconds if once.served else 0)
            found.append(_lifetime(once.until or now, once.ttl_seconds, propagation, _why(once, history)))
    return max(found, key=lambda lifetime: lifetime.until, default=None)


def _led_to(served: Served, edges: frozenset[str] | None) -> bool:
    return served.edge is not None and (edges is None or served.edge in edges)


def _lifetime(moment: datetime, ttl_seconds: int, propagation_seconds: int, why: str) -> AnswerLifetime:
    return AnswerLifetime(moment + timedelta(seconds=ttl_seconds + propagation_seconds), why, moment)


def _why(once: Once, history: History) -> str:
    if once.served is None:
        if history.problem is not None:
            return f"{history.problem}, so the record may have moved at any time up to now"
        since = once.until.isoformat(timespec="seconds") if once.until else "now"
        return f"nobody knows what the record was before {since}"
    if once.until is None:
        return f"a deployment that takes it away (TTL {once.ttl_seconds} s) did not finish"
    return f"it was served with a TTL of {once.ttl_seconds} s until {once.until.isoformat(timespec='seconds')}"
