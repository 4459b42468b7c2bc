"""What a preview says that a deployment would do, as the guard judges it and people read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from linkproof.engine.previewed import in_words
from linkproof.engine.state import STACK_TYPE

# The engine writes a replacement as three steps; of these the two parts are left out, and `replace` stands for all.
_PARTS: Final = frozenset({"create-replacement", "delete-replaced"})
_QUIET: Final = frozenset({"same", "read", "refresh"})
_OURS: Final = "linkproof:"


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that a deployment would not leave as it is.

    Args:
        op: the engine's word: `create`, `update`, `delete`, `replace`, `import`, …
        type: the engine's.
        name: the resource's.
        protect: the state says that the engine must not delete it.
        keys: the inputs that differ, as the engine names them.
        inputs: what it would be made with, or changed to; masked where secret, in words where only the deployment knows.
    """

    op: str
    urn: str
    type: str
    name: str
    protect: bool = False
    keys: tuple[str, ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_of_a_vendor(self) -> bool:
        """Not a component, a provider instance, the stack or the history of records: something outside changes."""
        return not self.type.startswith((_OURS, "pulumi:"))

    @property
    def takes_away(self) -> bool:
        """What is there now will not be there afterwards."""
        return self.op in ("delete", "replace")

    def __str__(self) -> str:
        keys = f" ({', '.join(self.keys)})" if self.keys else ""
        return f"{self.op} {self.name}{keys}  {self.type}"

    def to_json(self) -> dict[str, Any]:
        return {"op": self.op, "type": self.type, "name": self.name, "keys": list(self.keys)}


def changes(steps: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Every step of `pulumi preview --json` that changes something, in the engine's order."""
    return [_change(step) for step in steps if step["op"] not in _QUIET | _PARTS and _type(step) != STACK_TYPE]


def _change(step: Mapping[str, Any]) -> Change:
    before, after = step.get("oldState") or {}, step.get("newState") or {}
    return Change(
        op=str(step["op"]),
        urn=str(step["urn"]),
        type=_type(step),
        name=str(step["urn"]).rpartition("::")[2],
        protect=bool(before.get("protect")),
        keys=tuple(sorted(map(str, step.get("detailedDiff") or step.get("diffReasons") or ()))),
        inputs=in_words(after.get("inputs") or {}),
    )


def _type(step: Mapping[str, Any]) -> str:
    return str(step["urn"]).split("::")[2].rpartition("$")[2]


def shown(found: Sequence[Change], *, most: int = 40) -> Iterator[str]:
    """Lines for people: the vendors' objects first, those of our own counted."""
    outside = [change for change in found if change.is_of_a_vendor]
    yield from (f"  {change}" for change in outside[:most])
    if len(outside) > most:
        yield f"  … and {len(outside) - most} more"
    counted = ", ".join(
        f"{sum(one.op == op for one in outside)} to {op}" for op in dict.fromkeys(c.op for c in outside)
    )
    beside = len(found) - len(outside)
    if outside:
        yield f"{counted} at the vendors" + (f"; {beside} more of the engine's own" if beside else "")
    elif beside:
        yield f"nothing changes at a vendor; {beside} of the engine's own"
