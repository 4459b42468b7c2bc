"""The move on copies of both states, by the engine itself, and what deployments would then do: before anything is touched."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkproof.declaration.model import Declaration
from linkproof.engine.adopt.scratch import lay_out, refuse_sealed
from linkproof.engine.cli import Engine
from linkproof.engine.move.ahead import judge_step
from linkproof.engine.move.config import naming
from linkproof.engine.move.declared import Declared
from linkproof.engine.move.resources import Moving
from linkproof.engine.move.states import Document, put_right
from linkproof.engine.preview import preview
from linkproof.engine.state import read_state
from linkproof.expectations.join import late_value
from linkproof.kept import Kept, kept_file, write_kept
from linkproof.outputs import outputs
from linkproof.ownership import mark
from linkproof.plan.build import build


@dataclass(frozen=True, slots=True)
class Trial(Engine):
    """The CLI on a backend that has copies of both stacks."""

    folder: Path

    def environment(self) -> dict[str, str]:
        # named by its class: a dataclass with slots is made anew, and a bare super() knows only the first
        return {**Engine.environment(self), "PULUMI_BACKEND_URL": f"file://{self.folder}"}


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What became of the copies.

    Args:
        documents: both states afterwards, the first stack's first; secrets encrypted as each stack does.
        marked: names of what the next deployment of the second marks as its own, and changes nothing else of.
        said: what else that deployment does, a line each: nothing that a click notices.
    """

    documents: tuple[Document, Document]
    marked: tuple[str, ...]
    said: tuple[str, ...]


def rehearse(
    engines: tuple[Engine, Engine],
    before: tuple[Document, Document],
    moving: Moving,
    declared: Declared,
    kept: tuple[Kept, Kept],
    *,
    look_ahead: bool = True,
) -> Rehearsed:
    """Move on copies.

    Args:
        before: both states, as exported.
        look_ahead: preview both stacks afterwards.

    Raises:
        MoveError: a deployment would then do more than mark what has moved; nothing was touched.
        LinkproofError: the engine refuses, or cannot be asked.
    """
    with _copies(engines, before) as (source, target):
        if moving.urns:
            source.must("state", "move", "--source", source.stack, "--dest", target.stack, "--yes", *moving.urns)
        moved = source.export(), target.export()
        exported = _exports(declared.source), _exports(declared.target)
        documents = put_right(before, moved, moving, exported)
        marked: list[str] = []
        said: list[str] = []
        if look_ahead:
            owners = _owners(engines)
            for engine, document, declaration, text, mine in zip(
                (source, target),
                documents,
                (declared.source, declared.target),
                (declared.source_text, declared.target_text),
                kept,
                strict=True,
            ):
                engine.import_state(document)
                for step in preview(engine, "--config-file", _config(engine, declaration, text, mine)).steps:
                    judge_step(step, engine.stack, moving, owners, marked, said)
    return Rehearsed(documents, tuple(marked), tuple(said))


@contextmanager
def _copies(engines: tuple[Engine, Engine], documents: tuple[Document, Document]) -> Iterator[tuple[Trial, Trial]]:
    home = engines[0].project.work_dir(engines[0].stack)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="move-", dir=home) as folder:
        for engine, document in zip(engines, documents, strict=True):
            refuse_sealed(engine.stack, document, "moving")
            lay_out(Path(folder), engine.project, engine.stack, document.get("deployment") or {})
        one, two = (Trial(engine.project, engine.stack, engine.lab, Path(folder)) for engine in engines)
        yield one, two


def _config(engine: Trial, declaration: Declaration, text: str, kept: Kept) -> str:
    """A config like the stack's own that names the declaration of afterwards."""
    home = engine.folder / engine.stack
    home.mkdir()
    file = home / Path(declaration.file).name
    file.write_text(text, encoding="utf-8")
    if kept.paths or kept.spelled:
        write_kept(kept_file(file, engine.stack), kept)
    config = home / "config.yaml"
    config.touch(mode=0o600)
    config.write_text(naming(engine.project.stack_file(engine.stack).read_text(), file))
    return str(config)


def _exports(declaration: Declaration) -> Any:
    def exported(document: Document) -> Mapping[str, Any]:
        state = read_state(document)
        found: Mapping[str, Any] = json.loads(
            json.dumps(outputs(build(declaration), lambda late: late_value(late, state)))
        )
        return found

    return exported


def _owners(engines: tuple[Engine, Engine]) -> tuple[str, str]:
    one, two = (mark("organization", engine.project.name, engine.stack) for engine in engines)
    return one, two
