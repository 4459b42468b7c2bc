"""Finds a toy edge by its host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.edges.toy.items import EDGE

if TYPE_CHECKING:
    from linkproof.edges.toy.client import Client

WITHOUT_OBJECT: frozenset[str] = frozenset()


def edges(inputs: Mapping[str, Any], client: Client) -> Iterator[Candidate]:
    for found in client.get("/edges")["edges"]:
        if found["host"] == inputs["host"]:
            same = found["origin"] == inputs["origin"]
            yield Candidate(
                f"toy edge of {found['host']}", found["id"], "" if same else f"its origin is {found['origin']}"
            )


FINDERS: Mapping[str, Finder] = {EDGE: edges}
