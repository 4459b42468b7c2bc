"""What `pulumi preview` says of a stack, without any value: a step, an object, and the names of what it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linkproof.engine.adopt.preview import preview
from linkproof.engine.cli import Engine
from linkproof.errors import LinkproofError

_QUIET: Final = frozenset({"same", "read"})


@dataclass(frozen=True, slots=True)
class EngineStep:
    """One step of the next deployment.

    Args:
        op: the engine's word.
        changes: the properties that differ; never their values.
    """

    op: str
    type: str
    name: str
    changes: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f": {', '.join(self.changes)}" if self.changes else ""
        because = f", replaced because of {', '.join(self.replaces)}" if self.replaces else ""
        return f"{self.op} {self.type} {self.name}{said}{because}"


@dataclass(frozen=True, slots=True)
class EnginePreview:
    """One stack's preview.

    Args:
        steps: those that do something.
        error: why there is none; empty where there is.
    """

    stack: str
    steps: tuple[EngineStep, ...] = ()
    error: str = ""

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for step in self.steps:
            found[step.op] = found.get(step.op, 0) + 1
        return found


def preview_of(engine: Engine) -> EnginePreview:
    """Ask the engine; that it fails is told, so that other stacks are still shown."""
    try:
        return EnginePreview(engine.stack, read_steps(preview(engine).steps))
    except LinkproofError as error:
        return EnginePreview(engine.stack, error=error.problem)


def read_steps(steps: Sequence[Mapping[str, Any]]) -> tuple[EngineStep, ...]:
    """The engine's own documents, as `pulumi preview --json` writes them."""
    return tuple(_step(step) for step in steps if step.get("op") not in _QUIET)


def _step(step: Mapping[str, Any]) -> EngineStep:
    _, _, rest = str(step.get("urn", "")).partition("::")
    kind, _, name = rest.rpartition("::")
    changed = sorted(step.get("detailedDiff") or step.get("diffReasons") or ())
    return EngineStep(
        str(step.get("op")),
        kind.rpartition("::")[2].rpartition("$")[2],
        name,
        tuple(changed),
        tuple(step.get("replaceReasons") or ()),
    )
