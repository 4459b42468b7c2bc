"""What every plug-in's `facts.py` has."""

from __future__ import annotations

from typing import Protocol


class Facts(Protocol):
    """Data with sources.

    Attributes:
        NAME: as people call it.
        VENDOR: whose account it is made with, or its API reached; None where nothing here asks or makes anything of it.
        SOURCES: where each fact was read.
    """

    NAME: str
    VENDOR: str | None
    SOURCES: tuple[str, ...]
