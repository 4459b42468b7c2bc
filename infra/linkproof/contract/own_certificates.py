"""Certificates of the user's own at an edge, by the host or `*.zone` that each covers: used, never made nor deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import StringConstraints

from linkproof.contract.declared import Edge
from linkproof.contract.rules import EdgeView, Fault

CoveredName = Annotated[str, StringConstraints(pattern=r"^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)+$", max_length=253)]


def covering(certificates: Mapping[str, str], host: str) -> str | None:
    """The one that covers the host, the host's own before a wildcard's; None where there is none.

    A wildcard covers one label (RFC 6125 §6.4.3).
    """
    return certificates.get(host) or certificates.get(f"*.{host.partition('.')[2]}")


def unused(view: EdgeView) -> Iterator[Fault]:
    """A warning for each that covers no link of its edge. The edge's options have them as `certificates`."""
    used: dict[str, set[str]] = {}
    edges: dict[str, Edge] = {}
    for placed in view.links:
        edges[placed.edge.key] = placed.edge
        if placed.edge.options is not None:
            mine = placed.edge.options.own_certificate(placed.link.click_host.text)
            used.setdefault(placed.edge.key, set()).update({mine} if mine else ())
    for key, edge in edges.items():
        for name, certificate in (edge.options.certificates if edge.options is not None else {}).items():
            if certificate not in used[key]:
                message = f"no link of {key} is covered by {name}"
                fix = "name the click host, or `*.` and the name that it is directly below"
                yield Fault(f"{edge.path}.certificates", message, fix, "warning")
