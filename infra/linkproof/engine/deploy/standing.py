"""What stands after a deployment that did not end: read from the state, never guessed from what was planned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from linkproof.contract.state import State
from linkproof.declaration.model import Declaration
from linkproof.engine.changes import Change
from linkproof.engine.guard.deployed import deployed_links
from linkproof.words import counted


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a deployment came.

    Args:
        done: changes that the state shows.
        open: those that it does not.
        unsure: those that were under way when the engine ended: the vendor may have carried them out.
    """

    done: tuple[Change, ...]
    open: tuple[Change, ...]
    unsure: tuple[Change, ...]


def standing(found: Sequence[Change], before: dict[str, Any], after: dict[str, Any]) -> Standing:
    """Sort a preview's changes by the state documents of before and after."""
    old, new = _by_urn(before), _by_urn(after)
    pending = {
        operation["resource"]["urn"] for operation in (after.get("deployment") or {}).get("pending_operations") or ()
    }
    done, open_, unsure = list[Change](), list[Change](), list[Change]()
    for change in found:
        if change.urn in pending:
            unsure.append(change)
        elif _is_done(change, old.get(change.urn), new.get(change.urn)):
            done.append(change)
        else:
            open_.append(change)
    return Standing(tuple(done), tuple(open_), tuple(unsure))


def _is_done(change: Change, old: dict[str, Any] | None, new: dict[str, Any] | None) -> bool:
    if change.op == "delete":
        return new is None
    if new is None or new.get("pendingReplacement") or new.get("initErrors"):
        return False
    if old is None:
        return True
    if change.op == "replace":
        return bool(new.get("id") != old.get("id"))
    return bool((new.get("modified"), new.get("inputs")) != (old.get("modified"), old.get("inputs")))


def _by_urn(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    resources = (document.get("deployment") or {}).get("resources") or ()
    return {resource["urn"]: resource for resource in resources if not resource.get("delete")}


def in_words(found: Standing, declaration: Declaration, state: State) -> Iterator[str]:
    """Lines for people: what is done, what is not, what nobody knows, and the phase that each link is in now."""
    total = len(found.done) + len(found.open) + len(found.unsure)
    yield f"of {counted(total, 'change')} the state shows {len(found.done)}"
    for word, some in (("not done", found.open), ("may be done or not", found.unsure)):
        outside = [one for one in some if one.is_of_a_vendor]
        if outside:
            names = ", ".join(f"{one.op} {one.name}" for one in outside[:10])
            yield f"{word}: {names}{f' and {len(outside) - 10} more' if len(outside) > 10 else ''}"
    for one in deployed_links(declaration, state):
        if one.link is not None and one.past != {one.link.phase}:
            yield f"{one.link.key} ({one.host}) is {one.shown or 'not deployed'}, declared {one.link.phase}"
