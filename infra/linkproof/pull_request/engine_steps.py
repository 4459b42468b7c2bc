"""What `pulumi preview` says of a stack, without any value: a step, an object, and the names of what it changes."""

from __future__ import annotations

from dataclasses import dataclass

from linkproof.engine.changes import Change, changes
from linkproof.engine.cli import Engine
from linkproof.engine.preview import preview
from linkproof.errors import LinkproofError


@dataclass(frozen=True, slots=True)
class EnginePreview:
    """One stack's preview.

    Args:
        steps: those that do something.
        error: why there is none; empty where there is.
    """

    stack: str
    steps: tuple[Change, ...] = ()
    error: str = ""

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for step in self.steps:
            found[step.op] = found.get(step.op, 0) + 1
        return found


def preview_of(engine: Engine) -> EnginePreview:
    """Ask the engine; that it fails is told, so that other stacks are still shown."""
    try:
        return EnginePreview(engine.stack, tuple(changes(preview(engine).steps)))
    except LinkproofError as error:
        return EnginePreview(engine.stack, error=error.problem)
