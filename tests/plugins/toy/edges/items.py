"""What the toy edge holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from linkproof.contract.items import Item

EDGE = "toy:index:Edge"


@dataclass(frozen=True, slots=True)
class ToyEdge(Item):
    """One host."""

    kind: ClassVar[str] = "toy edge"
    engine_type: ClassVar[str] = EDGE  # type: ignore[misc]  # a record alone says it of itself

    resource: str
    account: str
    origin: str
    protect: bool

    def leads_to(self) -> str:
        return self.origin
