"""A sender's plug-in, and a tracking service's: where their names lead, and what an edge must bring to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from linkproof.contract.checks import Check
from linkproof.contract.declared import Link, Sender, TrackingHost, Zone
from linkproof.contract.facts import Facts
from linkproof.contract.items import Item
from linkproof.contract.needs import EdgeNeeds
from linkproof.contract.rules import SenderRule
from linkproof.contract.state import State
from linkproof.contract.values import Late


@dataclass(frozen=True, slots=True)
class LinkUse:
    """One link of this sender.

    Args:
        owner_zone: of the owner host; None without one.
    """

    link: Link
    zone: Zone
    owner_zone: Zone | None = None


class SenderFacts(Facts, Protocol):
    """`facts.py`.

    Attributes:
        FAMILIES: of the addresses at which it answers.
        SECURED_BY: what makes it write https, as a clause.
    """

    FAMILIES: tuple[int, ...]
    SECURED_BY: str


class SenderPlan(Protocol):
    """`plan.py`: pure."""

    def target(self, sender: Sender) -> str:
        """Where the click host leads while the sender serves it, without trailing dot."""

    def targets(self) -> Sequence[tuple[str, str]]:
        """Every target that there is, with its region."""

    def edge_needs(self, sender: Sender) -> EdgeNeeds: ...

    def items(self, use: LinkUse) -> tuple[Item, ...]:
        """What the sender has beside the click record, in every phase. An object that needs nothing is made before that record."""

    def account_items(self, sender: Sender, links: Sequence[Link]) -> tuple[Item, ...]:
        """What an entry under `senders:` has at the sender that is no link's own.

        Args:
            links: those of this entry, in the file's order.
        """


class SenderState(Protocol):
    """`state.py`: what the engine's state says of the sender's own objects.

    Attributes:
        TYPES: every engine type that the sender's component makes.
    """

    TYPES: frozenset[str]

    def late(self, late: Late, state: State) -> str | None:
        """What a late-bound value of one of its items turned out to be; None where it is not its, or not known."""


class SenderRules(Protocol):
    """`rules.py`: of a declaration that uses this sender."""

    RULES: Sequence[SenderRule]


@dataclass(frozen=True, slots=True)
class HostPart:
    """What a tracking host takes.

    Args:
        target: where it leads, with trailing dot.
        certificate: whose it is and how it comes there, for people.
        lapse: what stops when it ends, for people.
    """

    target: str
    items: tuple[Item, ...]
    checks: tuple[Check, ...]
    certificate: str
    lapse: str


class TrackingPlan(Protocol):
    """`plan.py` of a tracking service: pure."""

    TARGET: str

    def plan(self, host: TrackingHost, zone: Zone) -> HostPart: ...
