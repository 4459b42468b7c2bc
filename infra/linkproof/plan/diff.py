"""Two plans → their difference in words. Also what the next phase of one link would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from linkproof.contract.checks import CaaNeed, Check, Endpoint, Pending
from linkproof.contract.declared import PHASES, Link
from linkproof.contract.items import Item
from linkproof.declaration.model import Declaration
from linkproof.declaration.past import phases_of
from linkproof.plan.link import plan_links
from linkproof.plan.model import Plan
from linkproof.plan.words import clause, shown

Planned = Item | Check
# What an item is called in the file, what it must stand after, and the phase it is judged in: no change outside.
_LABELS = frozenset({"standby", "id", "path", "needs", "resource", "phase", "engine_type"})


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
        path: the key that asks for it, in the new declaration, or in the old one for what is deleted; empty where several do.
    """

    step: Literal["create", "update", "delete"]
    kind: str
    what: str
    fields: tuple[tuple[str, str, str], ...] = ()
    clauses: tuple[str, ...] = ()
    path: str = ""

    def __str__(self) -> str:
        said = f": {'; '.join(self.clauses)}" if self.clauses else ""
        return f"{_VERBS.get((self.step, self.kind), f'{self.step} {self.kind}')} {self.what}{said}"


def diff(base: Iterable[Planned], head: Iterable[Planned]) -> tuple[Change, ...]:
    """What the engine would do and what would be proved differently, in the plan's order."""
    before, after = _by_identity(base), _by_identity(head)
    changes = []
    for identity, item in after.items():
        kind, what = identity
        old = before.get(identity)
        if old is None:
            changes.append(Change("create", kind, f"{what}{_summary(item)}", path=_path(item)))
        elif differing := tuple(_differing(old, item)):
            named = tuple((name.replace("_", " "), shown(one), shown(other)) for name, one, other in differing)
            clauses = tuple(clause(*field) for field in differing)
            changes.append(Change("update", kind, what, named, clauses, _path(item)))
    changes += [
        Change("delete", kind, f"{what}{_summary(item)}", path=_path(item))
        for (kind, what), item in before.items()
        if (kind, what) not in after and not isinstance(item, Pending)
    ]
    return tuple(changes)


def diff_plans(base: Plan, head: Plan) -> tuple[Change, ...]:
    return diff((*base.items, *base.checks), (*head.items, *head.checks))


def next_phase(link: Link, declaration: Declaration) -> Link | None:
    """The link one step on; None at the end of its way, and where its alias must become a CNAME first."""
    if link.is_alias:
        return None
    way = phases_of(link, declaration)
    if link.edge is None or link.phase == way[-1]:
        return None
    following = way[way.index(link.phase) + 1] if link.phase in way else way[-1]
    return replace(link, phase=next(phase for phase in PHASES if phase == following))


def changes_of_next_phase(declaration: Declaration, link: Link) -> tuple[Change, ...]:
    """What the next step would change, without the shared objects that other links decide as well."""
    following = next_phase(link, declaration)
    if following is None:
        return ()
    (now,), (then,) = (plan_links(declaration, [one])[0].values() for one in (link, following))
    return diff(
        (*now.items, *(check for check in now.checks if isinstance(check, Endpoint))),
        (*then.items, *(check for check in then.checks if isinstance(check, Endpoint))),
    )


def _by_identity(items: Iterable[Planned]) -> dict[tuple[str, str], Planned]:
    return {(item.kind, _name(item)): item for item in items}


def _name(item: Planned) -> str:
    """What the item is outside, so that renaming a key is no difference."""
    if isinstance(item, Endpoint):
        role = item.id.rpartition("/")[2]
        return f"{item.host} ({role})"
    if isinstance(item, CaaNeed):
        role = item.id.rpartition("/")[2].removesuffix("caa").removesuffix("-")
        return f"{item.host} ({role})" if role else item.host
    if isinstance(item, Pending):
        return item.reason
    return item.resource


def _path(item: Planned) -> str:
    return getattr(item, "path", "")


def _summary(item: Planned) -> str:
    leads_to = item.leads_to() if isinstance(item, Item) else ""
    return f" → {leads_to}" if leads_to else ""


def _differing(old: Planned, new: Planned) -> Iterator[tuple[str, Any, Any]]:
    for field in fields(new):  # type: ignore[arg-type]  # every kind of item is a dataclass
        if field.name in _LABELS:
            continue
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            yield field.name, before, after
