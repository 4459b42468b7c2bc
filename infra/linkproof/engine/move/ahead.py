"""What a deployment would do after a move, step by step: nothing but write the mark, or it is refused. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.engine.move.declared import MoveError
from linkproof.engine.move.resources import Moving, identity_of
from linkproof.engine.state import STACK_TYPE, record_types
from linkproof.ownership import is_same_but_for_owner

_PROVIDER = "::pulumi:providers:"
# What the engine writes for a value that only a deployment knows.
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def judge_step(
    step: Mapping[str, Any], stack: str, moving: Moving, owners: tuple[str, str], marked: list[str], said: list[str]
) -> None:
    """Sort one step.

    Args:
        owners: marks of the first and the second stack.
        marked: gets the name of what is only marked; `said` a line for what else happens that no click notices.

    Raises:
        MoveError: it is neither.
    """
    op, urn = str(step["op"]), str(step["urn"])
    if op in ("same", "read") or f"::{STACK_TYPE}::" in urn or (op != "update" and _PROVIDER in urn):
        return  # a provider that comes or goes is credentials, and no object
    old, new = ((step.get(side) or {}) for side in ("oldState", "newState"))
    rtype, name = identity_of(new or old)
    if op == "create" and (rtype, name) in moving.copied:
        said.append(f"{stack} makes a {name} of its own")
        return
    if op == "delete" and (rtype, name) in moving.left:
        said.append(f"{stack} deletes its {name}, which nothing there uses then")
        return
    if op == "update":
        before, after = old.get("inputs") or {}, new.get("inputs") or {}
        differing = [
            key for key in sorted({*before, *after}) if not _same(before.get(key), after.get(key), owners, name)
        ]
        if not differing:
            marked.append(name)
            return
        is_record = (new or old)["type"] in record_types()
        if (
            not is_record
            and moving.copied
            and all(_takes_copy(before.get(key), after.get(key), owners, name) for key in differing)
        ):
            said.append(f"{name} takes the copies in place ({', '.join(differing)})")
            return
        op = f"update ({', '.join(differing)})"
    raise MoveError(
        f"a deployment of {stack} would then do more than mark what has moved: {op} {name}",
        f"deploy both stacks until nothing changes; where they are so already, {name} cannot move. Nothing was changed",
    )


def _same(before: Any, after: Any, owners: tuple[str, str], name: str) -> bool:
    if isinstance(before, str) and isinstance(after, str):
        return is_same_but_for_owner(before, after, owners, name)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return before.keys() == after.keys() and all(_same(before[key], after[key], owners, name) for key in before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(_same(*pair, owners, name) for pair in zip(before, after, strict=True))
    return bool(before == after)


def _takes_copy(before: Any, after: Any, owners: tuple[str, str], name: str) -> bool:
    """What differs is known only once the copy is made."""
    if after == _UNKNOWN:
        return True
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return before.keys() == after.keys() and all(
            _takes_copy(before[key], after[key], owners, name) for key in before
        )
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(
            _takes_copy(*pair, owners, name) for pair in zip(before, after, strict=True)
        )
    return _same(before, after, owners, name)
