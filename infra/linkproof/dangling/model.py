"""What became of each name that a stack publishes, or ever published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

Fate = Literal["claimable", "someone else's", "gone", "not known", "ours", "not published"]
# In the order in which to mend: what anybody may take first.
FATES: Final[tuple[Fate, ...]] = ("claimable", "someone else's", "gone", "not known", "ours", "not published")
_BAD: Final = ("claimable", "someone else's", "gone")


@dataclass(frozen=True, slots=True)
class Name:
    """One name.

    Args:
        targets: where its servers lead it now, without trailing dot.
        why: how that is known.
        is_declared: the declaration has it; otherwise the stack once published it.
        is_in_use: clicks arrive there.
        steps: what to do, in this order.
    """

    name: str
    fate: Fate
    targets: tuple[str, ...] = ()
    why: str = ""
    is_declared: bool = True
    is_in_use: bool = False
    steps: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "fate": self.fate,
            "targets": list(self.targets),
            "why": self.why,
            "declared": self.is_declared,
            "in_use": self.is_in_use,
            "steps": list(self.steps),
        }


@dataclass(frozen=True, slots=True)
class Dangling:
    """All names of a stack, in the order in which to mend them."""

    stack: str
    names: tuple[Name, ...]

    @property
    def exit_code(self) -> int:
        fates = {name.fate for name in self.names}
        return 1 if fates & set(_BAD) else 3 if "not known" in fates else 0

    def to_json(self) -> dict[str, Any]:
        return {
            "version": 1,
            "stack": self.stack,
            "exit": self.exit_code,
            "names": [name.to_json() for name in self.names],
        }


def in_order(name: Name) -> tuple[int, bool, bool, str]:
    """What anybody may take first; of the rest first what clicks arrive at, and what nobody looks after any more."""
    return FATES.index(name.fate), not name.is_in_use, name.is_declared, name.name
