"""What one running lab consists of; parts that report on the others find it here."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


class Stoppable(Protocol):
    """What a part's `start` returns."""

    async def stop(self) -> None: ...


@runtime_checkable
class Reporting(Protocol):
    """A part that can say in a few words how it is; raising says that it is not well."""

    def health(self) -> str: ...


@runtime_checkable
class Flushable(Protocol):
    """The part with the caching resolver."""

    def flush_resolver(self) -> None: ...


@dataclass(slots=True)
class PartHealth:
    ok: bool
    text: str


@dataclass(slots=True)
class Running:
    """The parts of a lab, by name, in the order in which they started.

    Args:
        trouble: why a part is not there, or `starting`; a part that runs has no entry.
        ready: all parts have been tried.
    """

    parts: dict[str, Stoppable] = field(default_factory=dict)
    trouble: dict[str, str] = field(default_factory=dict)
    ready: bool = False

    def health(self) -> dict[str, PartHealth]:
        troubled = {name: PartHealth(ok=False, text=text) for name, text in self.trouble.items()}
        well = {name: _health_of(part) for name, part in self.parts.items()}
        return {**well, **troubled}


def _health_of(part: Stoppable) -> PartHealth:
    if not isinstance(part, Reporting):
        return PartHealth(ok=True, text="running")
    try:
        return PartHealth(ok=True, text=part.health())
    except Exception as error:
        return PartHealth(ok=False, text=f"{type(error).__name__}: {error}")


RUNNING: ContextVar[Running] = ContextVar("RUNNING")
"""Set before the parts start, so that a part's `start` can read it."""
