"""Two plans → their difference in words. Also what the next phase of one link would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Literal

from infra.declaration.model import MANAGED, PHASES, Declaration, Link
from infra.plan.items import (
    CaaNeed,
    Certificate,
    Distribution,
    Endpoint,
    Item,
    OriginRequestPolicy,
    Pending,
    Record,
    Rule,
    Ruleset,
)
from infra.plan.link import link_items
from infra.plan.model import Plan

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


@dataclass(frozen=True, slots=True)
class Change:
    """One item that is created, deleted, or updated in the named fields."""

    step: Literal["create", "update", "delete"]
    kind: str
    what: str
    fields: tuple[tuple[str, str, str], ...] = ()

    def __str__(self) -> str:
        if self.step != "update":
            return f"{self.step} {self.kind} {self.what}"
        changes = "; ".join(f"{name}: {before} → {after}" for name, before, after in self.fields)
        return f"update {self.kind} {self.what}: {changes}"


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
            changes.append(Change("update", kind, what, differing))
    changes += [
        Change("delete", kind, f"{what}{_summary(item)}")
        for (kind, what), item in before.items()
        if (kind, what) not in after
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


def _differing(old: Item, new: Item) -> Iterator[tuple[str, str, str]]:
    for field in fields(new):
        if field.name in _LABELS:
            continue
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            yield field.name.replace("_", " "), _shown(before), _shown(after)


def _shown(value: object) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], Rule):
        return "; ".join(f"{rule.action} where {rule.expression}" for rule in value)
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value)) or "none"
    return "none" if value is None else str(value)
