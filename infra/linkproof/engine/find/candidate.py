"""What stands at a vendor under the natural key of something that was to be created."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """One object.

    Args:
        what: in words, for messages.
        id: as the real provider imports it.
        doubt: why it may be somebody else's; empty where it is proved to be what this stack was creating.
    """

    what: str
    id: str
    doubt: str = ""
