"""Ids of cells that no expectation has of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkproof.expectations.model import EndpointExpectation


def canaries_id(endpoint: EndpointExpectation) -> str:
    """The id of their cells, apart from the endpoint's own: what is right is not asked again in a run."""
    return f"{endpoint.id}/canaries"


def undeclared_zone_id(name: str) -> str:
    """The id of a real zone that the declaration does not name."""
    return f"zone/{name.rstrip('.') or '.'}"
