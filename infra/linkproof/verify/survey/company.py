"""Processes that verify one thing together: each asks about its share, and what spans the shares they tell each other."""

from __future__ import annotations

from typing import Protocol, TypeVar

Told = TypeVar("Told")


class Company(Protocol):
    """Those who verify together, as one of them sees it."""

    @property
    def processes(self) -> int:
        """How many they are; all together keep every limit."""

    async def meet(self, stage: str, own: Told) -> list[Told]:
        """Wait until all have come to this stage of the round. What had answered any of them has then answered this one too.

        Args:
            stage: which, for messages; all come to the same stages in the same order.
            own: what this one tells the others.

        Returns:
            what each has told, its own among it.
        """


class Alone:
    """One process that has it all."""

    processes = 1

    async def meet(self, stage: str, own: Told) -> list[Told]:  # noqa: ARG002 - company has stages
        return [own]


ALONE = Alone()
