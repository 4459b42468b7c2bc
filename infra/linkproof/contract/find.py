"""Finding an object at a vendor by its natural key: `find.py` of a plug-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Candidate:
    """An object with the natural key of what was to be created.

    Args:
        what: it is, for people.
        id: as the real provider imports it.
        doubt: why it may not be this stack's; empty when it is proved to be.
        kept: the id that the state has of it once it is imported, where that is another.
    """

    what: str
    id: str
    doubt: str = ""
    kept: str = ""


Finder = Callable[[Mapping[str, Any], Any], Iterator[Candidate]]
"""From the inputs of a create, and the client of its account, to every object with that natural key."""


class Finders(Protocol):
    """`find.py`.

    Attributes:
        FINDERS: by engine type.
        WITHOUT_OBJECT: engine types whose creation makes no object: it only waits, and waiting again is harmless.
    """

    FINDERS: Mapping[str, Finder]
    WITHOUT_OBJECT: frozenset[str]
