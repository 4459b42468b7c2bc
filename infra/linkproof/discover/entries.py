"""Entries of a declaration as values: what `compose` decides and `document` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | int | tuple[int, ...]
Fields = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a section.

    Args:
        fields: in the file's order.
        comments: above the entry, a line each: what was seen and what a person must decide.
        open: what is left out because nothing told it; `check` refuses the entry until a person writes it.
    """

    section: str
    key: str
    fields: Fields
    comments: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something seen that is no entry: a comment at the end of its section."""

    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Composed:
    """What to write.

    Args:
        targets: by click host, the name of the edge that has it today, of those that the file had as well.
    """

    entries: tuple[Entry, ...] = ()
    notes: tuple[Note, ...] = ()
    targets: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return any(entry.open for entry in self.entries)
