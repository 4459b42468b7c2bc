"""Both states once the engine has moved resources: what it drops, and what is ours, put right. Pure."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from linkproof.engine.move.resources import Moving
from linkproof.engine.state import STACK_TYPE
from linkproof.history import move as history
from linkproof.history.keep import HISTORY_TYPE, SETTLED_TYPE

Document = dict[str, Any]
Outputs = Callable[[Document], Mapping[str, Any]]


def put_right(
    before: tuple[Document, Document],
    moved: tuple[Document, Document],
    moving: Moving,
    outputs: tuple[Outputs, Outputs],
) -> tuple[Document, Document]:
    """Histories parted, dependencies on the history kept, and the stacks' outputs as their declarations have them.

    Args:
        before: of the first and the second stack, as exported; `moved`: after `pulumi state move`.
        outputs: what each stack exports, given its state.
    """
    source, target = copy.deepcopy(moved)
    _part_histories(before, source, target, moving)
    _depend(before[0], target, moving)
    _drop_unused_providers(before[0], source, moving)
    for document, exported in zip((source, target), outputs, strict=True):
        _only(document, STACK_TYPE)["outputs"] = dict(exported(document))
    return source, target


def _part_histories(before: tuple[Document, Document], source: Document, target: Document, moving: Moving) -> None:
    old = [_only(document, HISTORY_TYPE)["outputs"] for document in before]
    moments = [_only(document, SETTLED_TYPE)["outputs"].get("moments") or [] for document in before]
    here, there = _only(source, HISTORY_TYPE), _only(target, HISTORY_TYPE)
    for part in ("inputs", "outputs"):
        there[part] = history.with_moved(there[part], here[part], moving.records)
        here[part] = history.without(here[part], moving.records)
    settled = _only(target, SETTLED_TYPE)["outputs"]
    settled["moments"] = history.joined_moments(old[1], moments[1], old[0], moments[0], moving.records)


def _depend(before: Document, target: Document, moving: Moving) -> None:
    """What each moved resource depends on there: the others of them, and the history of its new stack."""
    there = {one["urn"] for one in _resources(target)}
    names = {urn: renamed(urn, target) for urn in moving.all_urns}
    names[_only(before, HISTORY_TYPE)["urn"]] = _only(target, HISTORY_TYPE)["urn"]
    old = {one["urn"]: one for one in _resources(before)}
    now = {one["urn"]: one for one in _resources(target)}
    for urn in moving.all_urns:
        wanted = [names[on] for on in old[urn].get("dependencies") or () if names.get(on) in there]
        if wanted:
            now[names[urn]]["dependencies"] = wanted


def _drop_unused_providers(before: Document, source: Document, moving: Moving) -> None:
    """What nothing but the moved resources was made with: the next deployment would only say that it goes."""
    going = frozenset(moving.all_urns)
    used = {
        str(one["provider"]).rpartition("::")[0]
        for one in _resources(before)
        if one.get("provider") and one["urn"] in going
    }
    staying = {str(one["provider"]).rpartition("::")[0] for one in _resources(source) if one.get("provider")}
    named = {on for one in _resources(source) for on in one.get("dependencies") or ()}
    unused = used - staying - named
    source["deployment"]["resources"] = [one for one in _resources(source) if one["urn"] not in unused]


def renamed(urn: str, target: Document) -> str:
    """The URN as the other stack has it."""
    return ":".join([*_resources(target)[0]["urn"].split(":")[:3], *urn.split(":")[3:]])


def _resources(document: Document) -> list[dict[str, Any]]:
    return list((document.get("deployment") or {}).get("resources") or ())


def _only(document: Document, rtype: str) -> dict[str, Any]:
    return next(one for one in _resources(document) if one["type"] == rtype)
