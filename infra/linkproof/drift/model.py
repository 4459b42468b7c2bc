"""What a comparison found, once for each thing that is not as it was declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Kind = Literal["drift", "missing", "lagging", "could not check", "accepted"]
# The worst first, as reports list them.
KINDS: Final[tuple[Kind, ...]] = ("drift", "missing", "could not check", "lagging", "accepted")
Comparison = Literal["code = state", "state = cloud", "cloud = world"]
COMPARISONS: Final[tuple[Comparison, ...]] = ("code = state", "state = cloud", "cloud = world")
_EXITS: Final[Mapping[Kind, int]] = {"drift": 1, "missing": 1, "could not check": 3, "lagging": 4, "accepted": 0}
# The worst first; 70 is a fault of linkproof itself.
_BY_WEIGHT: Final = (70, 2, 1, 3, 4, 0)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing.

    Args:
        comparison: that found it.
        subject: the engine's resource, the DNS name, or the zone.
        type: of the engine's resource, or of the DNS record; empty where it has none.
        path: of the property that differs; empty where it is the whole thing.
        expected: what the left side of the comparison has; likewise `observed` the right side.
        why: what that means.
        links: keys of the links that it is about.
        until: RFC 3339; when a lagging answer must be gone.
        place: in the declaration.
        seen: what else shows the same, a line for each: it is named here and nowhere else.
        acceptance: who accepts it, why and until when.
        note: what else is to be known.
    """

    kind: Kind
    comparison: Comparison
    subject: str
    type: str = ""
    path: str = ""
    expected: str = ""
    observed: str = ""
    why: str = ""
    fix: str = ""
    links: tuple[str, ...] = ()
    until: str = ""
    place: str = ""
    seen: tuple[str, ...] = ()
    acceptance: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def key(self) -> str:
        """As a baseline names it."""
        return f"{self.subject}:{self.path}" if self.path else self.subject

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "comparison": self.comparison,
            "subject": self.subject,
            "type": self.type,
            "property": self.path,
            "expected": self.expected,
            "observed": self.observed,
            "why": self.why,
            "fix": self.fix,
            "links": list(self.links),
            "until": self.until or None,
            "place": self.place,
            "seen": list(self.seen),
            "acceptance": dict(self.acceptance) or None,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class StackDrift:
    """One stack on one night.

    Args:
        links: keys of all its links and tracking hosts, for a history that shows the quiet ones too.
        refused: why nothing of it could be compared at all, and `fix`; empty where it could.
        exit_if_refused: by the table of exit codes.
        notes: what is worth a line and is no finding.
    """

    stack: str
    items: tuple[Item, ...] = ()
    links: tuple[str, ...] = ()
    refused: str = ""
    fix: str = ""
    exit_if_refused: int = 2
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        if self.refused:
            return self.exit_if_refused
        return worst(_EXITS[item.kind] for item in self.items)

    def of(self, kind: Kind) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.kind == kind)

    @property
    def compared(self) -> dict[Comparison, bool]:
        """Of each comparison, whether all of it could be made."""
        unknown = {item.comparison for item in self.of("could not check")}
        return {comparison: not self.refused and comparison not in unknown for comparison in COMPARISONS}

    @property
    def is_quiet(self) -> bool:
        """Nothing for anybody to do."""
        return self.exit_code == 0

    def to_json(self) -> dict[str, Any]:
        if self.refused:
            said = {"problem": self.refused, "fix": self.fix}
            return {"stack": self.stack, "exit": self.exit_code, "error": said}
        return {
            "stack": self.stack,
            "exit": self.exit_code,
            "compared": self.compared,
            "counts": {kind: len(self.of(kind)) for kind in KINDS},
            "items": [item.to_json() for item in self.items],
            "links": list(self.links),
            "notes": list(self.notes),
        }


def worst(codes: Iterable[int]) -> int:
    """The exit code that counts when several hold; 0 for none."""
    found = set(codes)
    return next((code for code in _BY_WEIGHT if code in found), 70 if found else 0)
