"""Which resources of the state go with links and tracking hosts: by the plans of both stacks before and after. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from linkproof.contract.items import Item, Record
from linkproof.engine.move.declared import Declared, MoveError
from linkproof.engine.state import STACK_TYPE, record_types
from linkproof.plan.model import Plan

Identity = tuple[str, str]
_RECORD = "record"


@dataclass(frozen=True, slots=True)
class Moving:
    """What goes, what is made a second time, and what is left over.

    Args:
        urns: in the first stack, without children, which go with their parents.
        all_urns: with children.
        records: keys of the history that go.
        copied: what links of both stacks would share, of which the second makes one of its own; `left`: what the first then
            has without need, because the second has one like it.
    """

    urns: tuple[str, ...]
    all_urns: tuple[str, ...]
    records: tuple[str, ...]
    copied: frozenset[Identity]
    left: frozenset[Identity]


def moving(
    before: tuple[Plan, Plan], after: tuple[Plan, Plan], declared: Declared, document: Mapping[str, Any]
) -> Moving:
    """What must go for the plans to hold.

    Args:
        before: of the first and the second stack.
        document: the first one's state, as exported.

    Raises:
        MoveError: both would need one object.
    """
    (here, there), (stays, arrives) = [tuple(map(_items, plans)) for plans in (before, after)]
    gone = here.keys() - stays.keys()
    fresh = arrives.keys() - there.keys()
    copied, left = frozenset(fresh - gone), frozenset(gone - fresh)
    for identity in sorted(copied | left):
        item = arrives.get(identity) or here[identity]
        if isinstance(item, Record) or not item.may_be_copied:
            raise MoveError(
                f"{item.kind} {item.resource} would be needed in both stacks, and only one can have it",
                "move all links that share it, or none; nothing was changed",
            )
    resources = list((document.get("deployment") or {}).get("resources") or ())
    urns, whole = _urns(resources, gone & fresh)
    hosts = {key for key, item in here.items() if key in gone and isinstance(item, Record)}
    return Moving(tuple(urns), tuple(whole), tuple(_records(resources, hosts, declared)), copied, left)


def identity_of(resource: Mapping[str, Any]) -> Identity:
    """Of a resource as a state or a step of a preview has it; a record is one whoever serves it."""
    rtype = resource["type"]
    return (_RECORD if rtype in record_types() else rtype), resource["urn"].rpartition("::")[2]


def _items(plan: Plan) -> dict[Identity, Item]:
    """Everything that is to exist; also records that people write, which are in the history."""
    return {
        (_RECORD if isinstance(item, Record) else item.engine_type, item.resource): item
        for item in plan.items
        if isinstance(item, Record) or item.is_ours
    }


def _urns(resources: list[dict[str, Any]], wanted: set[Identity]) -> tuple[list[str], list[str]]:
    """The topmost of what goes, and all of it: a component goes once all that it has goes."""
    by_urn = {one["urn"]: one for one in resources}
    mine = {one["urn"] for one in resources if identity_of(one) in wanted}
    children: dict[str, list[str]] = {}
    for one in resources:
        children.setdefault(one.get("parent") or "", []).append(one["urn"])
    components = {
        parent
        for urn in mine
        if (parent := by_urn[urn].get("parent")) and by_urn[parent]["type"] != STACK_TYPE and parent not in mine
    }
    for component in sorted(components):
        staying = [urn for urn in _below(component, children) if urn not in mine and not _goes_with(urn, by_urn, mine)]
        if staying:
            raise MoveError(
                f"{staying[0]} stays, and its component would go", "move all links that share it; nothing was changed"
            )
    tops = [
        urn
        for urn in by_urn
        if urn in components or (urn in mine and by_urn[urn].get("parent") not in {*mine, *components})
    ]
    whole = [urn for urn in by_urn if urn in tops or any(urn in _below(top, children) for top in tops)]
    return tops, whole


def _goes_with(urn: str, by_urn: Mapping[str, Any], mine: set[str]) -> bool:
    """What no plan has of its own, as the wait for a certificate, goes with what it has the name of."""
    name = urn.rpartition("::")[2]
    return any(
        by_urn[one].get("parent") == by_urn[urn].get("parent") and one.rpartition("::")[2] == name for one in mine
    )


def _below(urn: str, children: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [urn]
    while waiting:
        more = children.get(waiting.pop(), [])
        found.update(more)
        waiting += more
    return found


def _records(resources: list[dict[str, Any]], planned: set[Identity], declared: Declared) -> Iterator[str]:
    """Of the history: what leaves the plan, and all that was ever served at a host that goes, or below it and at none that stays."""
    from linkproof.history.keep import HISTORY_TYPE

    names = {name for _, name in planned}
    moved, staying = declared.hosts, declared.staying
    for resource in resources:
        if resource["type"] == HISTORY_TYPE:
            outputs = resource.get("outputs") or {}
            known = dict.fromkeys(
                key for part in ("records", "past", "since", "unknown") for key in outputs.get(part) or {}
            )
            for key in known:
                labels = key.rpartition("/")[0].split(".")
                around = (".".join(labels[at:]) for at in range(len(labels)))
                nearest = next((name for name in around if name in moved or name in staying), "")
                if key in names or nearest in moved:
                    yield key
