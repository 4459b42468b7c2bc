"""Two plans → their difference in words. Also what the next phase of one link would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from linkproof.declaration.model import MANAGED, PHASES, Declaration, Link
from linkproof.plan.items import (
    CaaNeed,
    Certificate,
    Distribution,
    Endpoint,
    Item,
    OriginRequestPolicy,
    Pending,
    Record,
    Ruleset,
)
from linkproof.plan.link import link_items
from linkproof.plan.model import Plan
from linkproof.plan.words import clause, shown

KINDS: dict[type, str] = {
    Record: "record",
    Certificate: "certificate",
    OriginRequestPolicy: "origin-request policy",
    Distribution: "distribution",
    Ruleset: "ruleset",
    Endpoint: "endpoint",
    CaaNeed: "CAA need",
    Pending: "pending",
}
# What an item is called in the file, what it must stand after, and the phase it is judged in: no change outside.
_LABELS = frozenset({"id", "path", "needs", "resource", "phase"})


# What is proved is no object that is made or deleted.
_VERBS = {
    ("create", "endpoint"): "prove also",
    ("update", "endpoint"): "prove",
    ("delete", "endpoint"): "prove no longer",
    ("create", "CAA need"): "prove also the CAA of",
    ("update", "CAA need"): "prove the CAA of",
    ("delete", "CAA need"): "prove no longer the CAA of",
    ("create", "pending"): "cannot be probed:",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One item that is created, deleted, or updated.

    Args:
        fields: of an update, each changed field: name, before, after.
        clauses: the same in words.
    """

    step: Literal["create", "update", "delete"]
    kind: str
    what: str
    fields: tuple[tuple[str, str, str], ...] = ()
    clauses: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f": {'; '.join(self.clauses)}" if self.clauses else ""
        return f"{_VERBS.get((self.step, self.kind), f'{self.step} {self.kind}')} {self.what}{said}"


def diff(base: Iterable[Item], head: Iterable[Item]) -> tuple[Change, ...]:
    """What the engine would do and what would be proved differently, in the plan's order."""
    before, after = _by_identity(base), _by_identity(head)
    changes = []
    for identity, item in after.items():
        kind, what = identity
        old = before.get(identity)
        if old is None:
            changes.append(Change("create", kind, f"{what}{_summary(item)}"))
        elif differing := tuple(_differing(old, item)):
            named = tuple((name.replace("_", " "), shown(one), shown(other)) for name, one, other in differing)
            changes.append(Change("update", kind, what, named, tuple(clause(*field) for field in differing)))
    changes += [
        Change("delete", kind, f"{what}{_summary(item)}")
        for (kind, what), item in before.items()
        if (kind, what) not in after and not isinstance(item, Pending)
    ]
    return tuple(changes)


def diff_plans(base: Plan, head: Plan) -> tuple[Change, ...]:
    return diff(base.items(), head.items())


def next_phase(link: Link) -> Link | None:
    """The link one step on; None at the end of its way. With a managed edge there is nothing between the ends."""
    way = ("branded", "secured") if link.edge == MANAGED else PHASES
    if link.edge is None or link.phase == way[-1]:
        return None
    following = way[way.index(link.phase) + 1] if link.phase in way else way[-1]
    return replace(link, phase=following)


def changes_of_next_phase(declaration: Declaration, link: Link) -> tuple[Change, ...]:
    """What the next step would change, without the shared objects that other links decide as well."""
    following = next_phase(link)
    if following is None:
        return ()
    now, then = link_items(declaration, link), link_items(declaration, following)
    return diff(
        (*now.records, *now.certificates, *now.distributions, *now.endpoints),
        (*then.records, *then.certificates, *then.distributions, *then.endpoints),
    )


def _by_identity(items: Iterable[Item]) -> dict[tuple[str, str], Item]:
    return {(KINDS[type(item)], _name(item)): item for item in items}


def _name(item: Item) -> str:
    """What the item is outside, so that renaming a key is no difference."""
    if isinstance(item, Endpoint):
        role = item.id.rpartition("/")[2]
        return f"{item.host} ({role})"
    if isinstance(item, CaaNeed):
        return item.host
    if isinstance(item, Pending):
        return item.reason
    return item.resource


def _summary(item: Item) -> str:
    if isinstance(item, Record):
        return f" → {item.value}"
    if isinstance(item, Distribution):
        return f" → {item.origin}"
    return ""


def _differing(old: Item, new: Item) -> Iterator[tuple[str, Any, Any]]:
    for field in fields(new):
        if field.name in _LABELS:
            continue
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            yield field.name, before, after
