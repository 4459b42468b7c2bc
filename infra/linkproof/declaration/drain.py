"""How long an edge stays once clicks have left it: `edges.<key>.drain`."""

from __future__ import annotations

from typing import Final

from linkproof.contract.declared import Edge
from linkproof.declaration.model import Declaration

DEFAULT_SECONDS: Final = 7 * 86400
"""Resolvers that serve stale answers ask again at their next click, days later; kept connections are never looked up again."""

LAB_SECONDS: Final = 0
"""In the lab nobody comes late."""

_UNITS = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def drain_seconds(declaration: Declaration, edge: Edge | None) -> int:
    """Of this edge as declared; the default without an entry of its own."""
    said = getattr(edge.options, "drain", None) if edge is not None else None
    if said is not None:
        return int(said)
    return LAB_SECONDS if declaration.lab else DEFAULT_SECONDS


def drain_of(declaration: Declaration, providers: frozenset[str], keys: frozenset[str] = frozenset()) -> int:
    """The longest of the edges that these may have been; the default where none of them has an entry any more.

    Args:
        providers: of the edges in question.
        keys: by which the link named its edges, before or now, as far as they are known.
    """
    entries = [edge for edge in declaration.edges.values() if edge.provider in providers]
    named = [edge for edge in entries if edge.key in keys]
    if not entries:
        return drain_seconds(declaration, None)
    return max(drain_seconds(declaration, edge) for edge in named or entries)


def span(seconds: int) -> str:
    """As it is written: `7d`, `36h`, `0s`."""
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds and seconds % size == 0), ("s", 1))
    return f"{seconds // size}{unit}"
