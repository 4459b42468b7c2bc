"""The question whether DNS has left an edge, and what an answer means. Who asks is the caller's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from linkproof import registry
from linkproof.contract.served import HostServed, ServedAt

Whereabouts = Literal["at-edge", "away", "unknown"]


@dataclass(frozen=True, slots=True)
class Question:
    """One edge that a deployment would let go.

    Args:
        host: the click host.
        edge: its provider.
        names: the edge's own names, with trailing dot; empty where the state does not have them.
        is_proxied: the edge answers for the host itself, with its own addresses.
        beside: providers of more edges of the host that go with it.
        is_undated: nobody knows when the record left the edge, so that the time counts from when that is first seen.
    """

    host: str
    edge: str
    names: frozenset[str] = frozenset()
    is_proxied: bool = False
    is_undated: bool = False
    beside: frozenset[str] = frozenset()

    @property
    def edges(self) -> frozenset[str]:
        """The providers of all edges of the host that would go."""
        return self.beside | {self.edge}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the servers say of one host.

    Args:
        whereabouts: `away` only when every server is.
        detail: who said what, where it is not `away`.
        away_since: when every server was first seen away; None where the state knows better.
        ttl_seconds: the longest that was seen served; None where nothing was.
    """

    whereabouts: Whereabouts
    detail: str = ""
    away_since: datetime | None = None
    ttl_seconds: int | None = None


Ask = Callable[[Sequence[Question]], Mapping[str, Answer]]


def answer_of(question: Question, served: HostServed, edge_addresses: frozenset[str]) -> Answer:
    """Judge what was served.

    Args:
        edge_addresses: of the edge's own names: a DNS host that resolves a name itself gives them in its place.
    """
    ttl = max((one.ttl_seconds for one in served.servers if one.ttl_seconds is not None), default=None)
    at_edge = [
        f"{one.server} gives {shown}"
        for one in served.servers
        if not one.problem and (shown := _at_edge(question, one, edge_addresses))
    ]
    if at_edge:
        return Answer("at-edge", "; ".join(at_edge), ttl_seconds=ttl)
    unknown = [f"{one.server}: {one.problem}" for one in served.servers if one.problem]
    if served.problem:
        unknown.append(served.problem)
    if unknown or not served.servers:
        return Answer("unknown", "; ".join(unknown) or "no authoritative server was found", ttl_seconds=ttl)
    return Answer("away", ttl_seconds=ttl)


def _at_edge(question: Question, served: ServedAt, edge_addresses: frozenset[str]) -> str:
    """What of this server's answer leads to the edge; empty where nothing does."""
    names = [
        name
        for name in served.names
        if name in question.names
        or (not question.names and not question.is_proxied and _is_one_of(question.edge, name))
    ]
    if names:
        return names[0]
    if question.is_proxied and not served.names:
        return ", ".join(served.addresses)  # a record that is not proxied has its CNAME
    return ", ".join(address for address in served.addresses if address in edge_addresses)


def _is_one_of(provider: str, name: str) -> bool:
    """Whether a name is any of a provider's edges, where the state does not have the name itself."""
    state = registry.edge(provider).state
    return state is not None and state.leads_here(name)
