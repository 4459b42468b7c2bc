"""state = cloud: what each vendor's API has, against what the last deployment made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from linkproof.drift.changes import changed, changed_outputs
from linkproof.drift.code import OF_NO_VENDOR
from linkproof.drift.model import Comparison, Item
from linkproof.engine.events import Step, Told
from linkproof.engine.find import without_object

COMPARISON: Final[Comparison] = "state = cloud"
_UNREAD: Final = "its vendor's API could not be asked"


def read_told(
    read: Callable[[tuple[str, ...], bool], Told],
    state: Callable[[], Mapping[str, Any]],
    tells_anew: Callable[[], bool],
) -> Told:
    """What is at the vendors, by what the state has of each provider; by what the program says of them where only that can be right.

    The program has run for the preview beside this; what it costs is not spent a second time for the same words.

    Args:
        read: without some URNs, and whether with the program.
        state: the exported document.
        tells_anew: whether the program tells a provider something else than the last deployment did (a rotated token).
    """
    told = read((), False)
    if told.is_whole and not tells_anew():
        return told
    return read_all(lambda without: read(without, True), state)


def read_all(read: Callable[[tuple[str, ...]], Told], state: Callable[[], Mapping[str, Any]]) -> Told:
    """What is at the vendors. The engine stops at the first that it cannot read: the others are then read without that vendor.

    Args:
        read: without some URNs.
        state: the exported document; only asked for where something could not be read.
    """
    told = read(())
    if not told.failures:
        return told
    resources = (state().get("deployment") or {}).get("resources") or ()
    lost = {one.get("provider") for one in resources if one["urn"] in told.failures}
    silent = [one["urn"] for one in resources if one.get("provider") in lost and one.get("provider")]
    rest = read(tuple(silent))
    reason = next(iter(told.failures.values()))
    failures = {urn: told.failures.get(urn, reason) for urn in silent if not _is_of_no_vendor(urn)} | dict(
        rest.failures
    )
    return Told(rest.steps, failures, rest.problems, is_whole=False)


def _is_of_no_vendor(urn: str) -> bool:
    return urn.split("::")[2].rpartition("$")[2].startswith(OF_NO_VENDOR)


def items(told: Told, state: Mapping[str, Any]) -> Iterator[Item]:
    """Everything that state and cloud do not agree about, each property once.

    Args:
        told: by a refresh that changes nothing.
        state: the exported document.
    """
    gone = {step.urn for step in told.steps if step.op == "delete"}
    for step in told.steps:
        if not step.type.startswith(OF_NO_VENDOR) and not _only_follows(step, gone, state):
            yield from _of_step(step)
    for reason, names in _by_reason(told.failures).items():
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        yield Item("could not check", COMPARISON, shown, why=f"{_UNREAD}: {reason}", fix="run it again once it answers")
    for reason in told.problems:
        yield Item("could not check", COMPARISON, "the vendors", why=reason, fix="mend what it says, then run it again")


def _by_reason(failures: Mapping[str, str]) -> dict[str, list[str]]:
    """One vendor that is down is one line, however many of its objects there are; the path of a URL makes no reason of its own."""
    found: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for urn, reason in failures.items():
        vendor = urn.split("::")[2].rpartition("$")[2].partition(":")[0]
        found.setdefault((vendor, reason.rpartition(": ")[2]), (reason, []))[1].append(urn.rpartition("::")[2])
    merged: dict[str, list[str]] = {}
    for reason, names in found.values():
        merged.setdefault(reason, []).extend(names)
    return merged


def _only_follows(step: Step, gone: set[str], state: Mapping[str, Any]) -> bool:
    """It has no object of its own and says only that what it depends on is gone."""
    if step.urn not in gone or step.type not in without_object():
        return False
    resources = (state.get("deployment") or {}).get("resources") or ()
    needs = next((one.get("dependencies") or () for one in resources if one["urn"] == step.urn), ())
    return any(urn in gone for urn in needs)


def _of_step(step: Step) -> Iterator[Item]:
    old, new = step.old or {}, step.new
    if step.op == "delete" or new is None:
        why = "somebody deleted it behind the engine's back"
        fix = "`pulumi up --refresh` makes it again; ask who deleted it, and why"
        yield Item("missing", COMPARISON, step.name, step.type, "", "there", "gone", why, fix)
        return
    fix = "`pulumi up --refresh` sets it back; if it is to stay, declare it"
    if old.get("id") != new.get("id"):
        why = "another object stands in its place, which this stack did not make"
        yield Item("drift", COMPARISON, step.name, step.type, "id", str(old.get("id")), str(new.get("id")), why, fix)
    why = "somebody changed it behind the engine's back"
    found = list(changed(step.type, step.paths, old, new))
    for path, before, after in found:
        yield Item("drift", COMPARISON, step.name, step.type, path, before, after, why, fix)
    if not step.paths:
        why = "the vendor says something else of it than at the last deployment"
        fix = "`pulumi refresh` takes it into the state, once you know why it changed"
        for path, before, after in changed_outputs(step.type, old, new):
            yield Item("drift", COMPARISON, step.name, step.type, path, before, after, why, fix)
