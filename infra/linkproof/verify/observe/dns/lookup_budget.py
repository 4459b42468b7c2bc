"""How much finding the servers of one zone may cost: hostile delegations lead from one name to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkproof.verify.observations.vantage import ServerAddress

# A server's name may need another server's name, and so on; honest delegations need two or three steps.
MAX_DEPTH = 6
# For the names of one zone's servers, however they depend on one another; thirteen names in two zones of a provider need some 150.
MAX_QUESTIONS_FOR_SERVERS = 200
# The same with those whose answer is there already: they cost no packet, and zones that name each other's servers could repeat them for ever.
MAX_STEPS_FOR_SERVERS = 20_000


class TooManyQuestionsError(Exception):
    """The servers of a zone cannot be found within the questions that are allowed for it."""


@dataclass(slots=True)
class LookupBudget:
    """What the look-ups for one zone's servers may ask together; a question whose answer is there already is no question."""

    asked: set[tuple[ServerAddress, str, str]] = field(default_factory=set)
    steps: int = 0

    def spend(self, server: ServerAddress, name: str, record_type: str) -> None:
        self.steps += 1
        self.asked.add((server, name, record_type))
        if len(self.asked) > MAX_QUESTIONS_FOR_SERVERS or self.steps > MAX_STEPS_FOR_SERVERS:
            raise TooManyQuestionsError


@dataclass(frozen=True, slots=True)
class NestedLookup:
    """A look-up for another look-up: how deep, and what all of those for one zone may still ask together."""

    depth: int
    budget: LookupBudget

    def deeper(self) -> NestedLookup:
        return NestedLookup(self.depth + 1, self.budget)
