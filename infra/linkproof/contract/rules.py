"""A rule of a declaration: an id, a reason with its source, and for most a pure check of what it looks at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from linkproof.contract.declared import Edge, Link, Sender, Zone
from linkproof.contract.needs import EdgeNeeds
from linkproof.show import show_host

Severity = Literal["error", "warning"]
Looked = TypeVar("Looked")


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check yields; the rule's id and the place of the path are added to it."""

    path: str
    message: str
    fix: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Rule(Generic[Looked]):
    """One rule.

    Args:
        id: stable; people write it into scripts and ask `linkproof explain` for it.
        because: the reason, with its source.
        check: None where the reader, the form or the comparison of declarations applies it.
        per_account: it counts what an account has, so it is asked of all declarations with the same account together, too.
    """

    id: str
    because: str
    check: Callable[[Looked], Iterator[Fault]] | None = None
    per_account: bool = False


def rule(
    rules: list[Rule[Looked]], rule_id: str, *, because: str, per_account: bool = False
) -> Callable[[Callable[[Looked], Iterator[Fault]]], Callable[[Looked], Iterator[Fault]]]:
    """Put a check into a plug-in's list of rules."""

    def register(check: Callable[[Looked], Iterator[Fault]]) -> Callable[[Looked], Iterator[Fault]]:
        rules.append(Rule(rule_id, because, check, per_account))
        return check

    return register


@dataclass(frozen=True, slots=True)
class Placed:
    """One link at an edge, where link, edge and zone could be read.

    Args:
        link: as this edge has it: at its standby a link is `ready`, whatever its own phase.
        needs: what the edge must bring to the sender.
        is_standby: the edge is the one that the link keeps ready beside its own.
    """

    link: Link
    edge: Edge
    zone: Zone
    needs: EdgeNeeds
    is_standby: bool = False

    @property
    def path(self) -> str:
        """Of the key that names the edge."""
        return f"{self.link.path}.{'standby' if self.is_standby else 'edge'}"


@dataclass(frozen=True, slots=True)
class EdgeView:
    """What an edge's rules look at.

    Args:
        links: those that name an edge of this provider, as their own or as their standby, in the file's order.
        edges: every edge of this provider, in the file's order.
        written: the paths that the file has.
        zones: names of the declared zones.
        claimed: names that are declared to be CNAMEs, each with the path that says so.
    """

    links: Sequence[Placed]
    edges: Sequence[Edge]
    written: Mapping[str, object]
    zones: frozenset[str] = frozenset()
    claimed: Mapping[str, str] = field(default_factory=dict)


def past_branded(view: EdgeView) -> Iterator[tuple[Edge, int]]:
    """By account, its first edge and how many of its links have an object there: a branded one has none yet."""
    first: dict[str, Edge] = {}
    links: Counter[str] = Counter()
    for placed in view.links:
        if placed.link.phase != "branded":
            first.setdefault(placed.edge.account, placed.edge)
            links[placed.edge.account] += 1
    for account, count in links.items():
        yield first[account], count


@dataclass(frozen=True, slots=True)
class SenderView:
    """What a sender's rules look at.

    Args:
        links: those of this sender, in the file's order.
        senders: its entries under `senders:`, likewise, also those that no link names.
        zones: names of the declared zones.
        unread: paths that have a problem of their own.
        place: where a path is written.
    """

    links: Sequence[Link]
    zones: frozenset[str]
    unread: frozenset[str]
    place: Callable[[str], object]
    senders: Sequence[Sender] = ()

    @property
    def managed(self) -> list[Sender]:
        """The entries whose objects at the sender are made here."""
        return [sender for sender in self.senders if sender.is_managed]

    def not_its_links(self, sender: Sender, named: Iterable[tuple[str, str]]) -> Iterator[Fault]:
        """Of an entry that names links, those that are not its own.

        Args:
            named: path and key of each.
        """
        keys = [link.key for link in self.links if link.sender == sender]
        fix = f"name one of: {', '.join(keys) or 'its links, of which there are none yet'}"
        for path, key in named:
            if key not in keys:
                yield Fault(path, f"{key} is no link of {sender.path}", fix)

    def second_records(self, title: str) -> Iterator[Fault]:
        """Of a sender whose links have one record: the keys of a second, or of an older kind.

        Args:
            title: of the sender.
        """
        for link in self.links:
            if link.owner_host is not None:
                message = f"{title} has no owner host, and {show_host(link.owner_host)} is declared"
                yield Fault(f"{link.path}.owner_host", message, "remove `owner_host`")
            if link.legacy:
                yield Fault(f"{link.path}.legacy", "only SendGrid has brandings of an old kind", "remove `legacy`")


@dataclass(frozen=True, slots=True)
class TogetherView:
    """What an edge's rules over several declarations look at: those of one world, the lab or outside it.

    Args:
        parts: each declaration's own view, in the order given.
        place: where a path of one of them is written, by its number among the parts.
    """

    parts: Sequence[EdgeView]
    place: Callable[[int, str], object]


@dataclass(frozen=True, slots=True)
class TogetherRule:
    """A rule over several declarations; its check yields each fault with the number of the part that has it."""

    id: str
    because: str
    check: Callable[[TogetherView], Iterator[tuple[int, Fault]]]


EdgeRule = Rule[EdgeView]
SenderRule = Rule[SenderView]
