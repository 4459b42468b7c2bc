"""One thing that an edge must leave as it is, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Strength = Literal["must", "should"]
# What becomes of a reader, a click or its owner where it is broken.
Harm = Literal["click lost", "counted twice", "misled", "seen by others"]
# What asking it takes: an origin that records; one that does as ordered; one that shows another certificate; one that can go and come;
# one whose name's addresses can be changed.
Ability = Literal["records", "orders", "certificates", "going", "names"]
ORDERED: Final[tuple[Ability, ...]] = ("records", "orders")


@dataclass(frozen=True, slots=True)
class Requirement:
    """Data; the check of the same id says whether it is kept.

    Args:
        id: `group.name`.
        says: what holds, one clause.
        who: of a must, the sender or the client that makes such requests; of a should, who would notice.
        because: what goes wrong without it.
        shown_by: what is sent, and what is looked at.
        needs: without one of these it is not asked.
    """

    id: str
    strength: Strength
    says: str
    who: str
    because: str
    harm: Harm
    shown_by: str
    needs: tuple[Ability, ...] = ("records",)

    @property
    def is_must(self) -> bool:
        return self.strength == "must"
