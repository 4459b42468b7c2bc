"""One link as an edge sees it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """What an edge's `plan.py` needs to know of a link.

    Args:
        key: of the link in the declaration.
        path: `links.<key>`.
        host: the click host.
        zone: name of the zone that holds the click host.
        sender: who writes the links.
        phase: where the link is on its way.
        edge: key of the edge in the declaration.
        account: the edge's credentials, by name.
        in_use: the click host points at the edge (`live`, `secured`).
        hsts_parents: names above the host whose HSTS policy would reach it, up to its registrable domain.
    """

    key: str
    path: str
    host: str
    zone: str
    sender: str
    phase: str
    edge: str
    account: str
    in_use: bool
    hsts_parents: tuple[str, ...]
