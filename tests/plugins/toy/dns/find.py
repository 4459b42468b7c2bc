"""Finds a toy record by its zone, name and type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.dns.toy.state import RECORD_TYPE

if TYPE_CHECKING:
    from linkproof.dns.toy.client import Client

WITHOUT_OBJECT: frozenset[str] = frozenset()


def records(inputs: Mapping[str, Any], client: Client) -> Iterator[Candidate]:
    for found in client.get(f"/zones/{inputs['zone']}/records")["records"]:
        if (found["name"], found["type"]) == (inputs["name"], inputs["type"]):
            same = (found["values"], found["ttl"]) == (inputs["values"], inputs["ttl"])
            doubt = "" if same else f"it holds {', '.join(found['values'])}"
            yield Candidate(f"record {found['name']}", f"{inputs['zone']}/{found['id']}", doubt)


FINDERS: Mapping[str, Finder] = {RECORD_TYPE: records}
