"""An edge's plug-in: who terminates HTTPS, and what that takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from linkproof.contract.checks import CaaNeed, Check, Endpoint
from linkproof.contract.declared import PHASES_AT_EDGE, Edge, Link, Zone
from linkproof.contract.facts import Facts
from linkproof.contract.items import Item
from linkproof.contract.needs import EdgeNeeds
from linkproof.contract.rules import EdgeRule, TogetherRule
from linkproof.contract.state import State
from linkproof.contract.values import Late, Value


@dataclass(frozen=True, slots=True)
class EdgeUse:
    """One link that has this edge, in a phase in which the edge exists.

    Args:
        zone: of the click host.
        needs: what must reach the sender unchanged.
        hsts_parents: names above the host whose HSTS policy would reach it, up to its registrable domain.
    """

    link: Link
    edge: Edge
    zone: Zone
    needs: EdgeNeeds
    hsts_parents: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.link.key

    @property
    def path(self) -> str:
        return self.link.path

    @property
    def host(self) -> str:
        """The click host."""
        return self.link.click_host.text

    @property
    def in_use(self) -> bool:
        """The click host leads to the edge."""
        return self.link.phase in PHASES_AT_EDGE

    def endpoint(self, connect: Value | None = None) -> Endpoint:
        """That the edge answers for the host.

        Args:
            connect: where to ask it while the click host does not lead there.
        """
        return Endpoint(
            id=f"{self.key}/edge",
            path=self.path,
            host=self.host,
            sender=self.link.sender.provider,
            phase=self.link.phase,
            edge=self.edge.provider,
            connect=None if self.in_use else connect,
            hsts_parents=self.hsts_parents,
        )

    def caa(self, cas: tuple[str, ...], methods: tuple[str, ...]) -> CaaNeed:
        """That the host's CAA lets one of these authorities issue."""
        return CaaNeed(f"{self.key}/caa", f"{self.path}.click_host", self.host, cas, methods)


@dataclass(frozen=True, slots=True)
class Click:
    """Where the click host leads once the edge is in use.

    Args:
        value: RDATA of its CNAME, with trailing dot.
        proxied: the DNS host answers with the edge's addresses in place of the value.
        needs: `resource` of each item that must exist before.
    """

    value: Value
    proxied: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EdgePart:
    """What an edge makes and proves for one link.

    Args:
        click: None where the edge never is where clicks arrive; a link in use must have one.
        certificate: whose it is and how it is proved, for people.
        certificate_is_yours: the user brings and renews it; it is neither made nor deleted.
        settings: name and value of what decides about a click, for people.
    """

    items: tuple[Item, ...] = ()
    checks: tuple[Check, ...] = ()
    click: Click | None = None
    certificate: str = "none"
    certificate_is_yours: bool = False
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class EdgePlanned:
    """What an edge makes for all its links.

    Args:
        parts: by the link's key.
        shared: what several links have together.
    """

    parts: Mapping[str, EdgePart]
    shared: tuple[Item, ...] = ()


class EdgeFacts(Facts, Protocol):
    """`facts.py`.

    Attributes:
        PHASES: in which a link with this edge can be.
        CAS: the authorities that may sign for it, as CAA names them; empty where it asks none.
        FAMILIES: of the addresses at which it can be reached.
        HAS_ACCOUNT: an object at the vendor holds the host, and moving between accounts means to let go of it first.
        NEEDS_NO_ENTRY: a link may name it without an entry under `edges:`.

    `ONCE_LEFT`, where it is there: a clause that says what nobody can promise of clicks that old answers still lead to it, after the
    click host has left it. Absent where the edge answers as before until it is deleted.
    """

    PHASES: tuple[str, ...]
    CAS: tuple[str, ...]
    FAMILIES: tuple[int, ...]
    HAS_ACCOUNT: bool
    NEEDS_NO_ENTRY: bool


class EdgePlan(Protocol):
    """`plan.py`: pure."""

    def plan(self, uses: Sequence[EdgeUse]) -> EdgePlanned: ...


class EdgeRules(Protocol):
    """`rules.py`: of a declaration that uses this edge."""

    RULES: Sequence[EdgeRule]


class EdgeTogether(Protocol):
    """`together.py`: of several declarations that use this edge."""

    RULES: Sequence[TogetherRule]


@dataclass(frozen=True, slots=True)
class EdgeSeen:
    """One edge that the engine's state has.

    Args:
        host: the click host.
        names: the edge's own names, with trailing dot; empty where the state does not have them.
        account: of the object that holds the host; None where the edge is no object of its own.
        origins: names that it forwards to, without trailing dot.
        is_leaving: the next deployment deletes it, or makes it again.
        is_proxied: the edge answers for the host itself, with its own addresses.
        server: the name of one's own server, which holds the host in place of an account.
    """

    host: str
    names: frozenset[str] = frozenset()
    account: str | None = None
    origins: frozenset[str] = frozenset()
    is_leaving: bool = False
    is_proxied: bool = False
    server: str | None = None

    @property
    def holder(self) -> str | None:
        """Under which another edge of the same provider would be: the account, or one's own server."""
        return self.server or self.account


class EdgeState(Protocol):
    """`state.py`: what the engine's state says of this edge.

    Attributes:
        TYPES: every engine type that the edge's component makes.
    """

    TYPES: frozenset[str]

    def seen(self, state: State) -> Iterable[EdgeSeen]:
        """Every edge that exists, and every one on its way out."""

    def planned(self, items: Iterable[Item]) -> frozenset[tuple[str, str | None]]:
        """Host and holder, as `seen` has them, of each edge that a plan's items make."""

    def leads_here(self, name: str) -> bool:
        """Whether a name that a record leads to is one of this provider's edges, whosever."""

    def late(self, late: Late, state: State) -> str | None:
        """What a late-bound value of one of its items turned out to be; None where it is not its, or not known."""
