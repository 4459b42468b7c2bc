"""The move on copies of both states, by the engine itself, and what deployments would then do: before anything is touched."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from linkproof.declaration.model import Declaration
from linkproof.engine.adopt.scratch import lay_out, refuse_sealed
from linkproof.engine.cli import Engine
from linkproof.engine.move.declared import Declared, MoveError
from linkproof.engine.move.resources import Moving, identity_of
from linkproof.engine.move.states import Document, put_right
from linkproof.engine.preview import preview
from linkproof.engine.state import STACK_TYPE, read_state, record_types
from linkproof.expectations.join import late_value
from linkproof.kept import Kept, kept_file, write_kept
from linkproof.outputs import outputs
from linkproof.ownership import is_same_but_for_owner, mark
from linkproof.plan.build import build

_PROVIDER = "::pulumi:providers:"
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


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
                    _judge(step, engine.stack, moving, owners, marked, said)
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
    document = yaml.safe_load(engine.project.stack_file(engine.stack).read_text()) or {}
    document.setdefault("config", {})["linkproof:declaration"] = str(file)
    config = home / "config.yaml"
    config.touch(mode=0o600)
    config.write_text(yaml.safe_dump(document, sort_keys=False))
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


def _judge(
    step: Mapping[str, Any], stack: str, moving: Moving, owners: tuple[str, str], marked: list[str], said: list[str]
) -> None:
    """Raises:
    MoveError: a deployment would do this, and it is no mark.
    """
    op, urn = str(step["op"]), str(step["urn"])
    if op in ("same", "read") or f"::{STACK_TYPE}::" in urn or (op != "update" and _PROVIDER in urn):
        return  # a provider that comes or goes is credentials, and no object
    old, new = ((step.get(side) or {}) for side in ("oldState", "newState"))
    rtype, name = identity_of(new or old)
    if op == "create" and (rtype, name) in moving.copied:
        said.append(f"{stack} makes a {name} of its own")
        return
    if op == "delete" and (rtype, name) in moving.left:
        said.append(f"{stack} deletes its {name}, which nothing there uses then")
        return
    if op == "update":
        before, after = old.get("inputs") or {}, new.get("inputs") or {}
        differing = [
            key for key in sorted({*before, *after}) if not _same(before.get(key), after.get(key), owners, name)
        ]
        if not differing:
            marked.append(name)
            return
        is_record = (new or old)["type"] in record_types()
        if (
            not is_record
            and moving.copied
            and all(_takes_copy(before.get(key), after.get(key), owners, name) for key in differing)
        ):
            said.append(f"{name} takes the copies in place ({', '.join(differing)})")
            return
        op = f"update ({', '.join(differing)})"
    raise MoveError(
        f"a deployment of {stack} would then do more than mark what has moved: {op} {name}",
        f"deploy both stacks until nothing changes; where they are so already, {name} cannot move. Nothing was changed",
    )


def _same(before: Any, after: Any, owners: tuple[str, str], name: str) -> bool:
    if isinstance(before, str) and isinstance(after, str):
        return is_same_but_for_owner(before, after, owners, name)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return before.keys() == after.keys() and all(_same(before[key], after[key], owners, name) for key in before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(_same(*pair, owners, name) for pair in zip(before, after, strict=True))
    return bool(before == after)


def _takes_copy(before: Any, after: Any, owners: tuple[str, str], name: str) -> bool:
    """What differs is known only once the copy is made."""
    if after == _UNKNOWN:
        return True
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return before.keys() == after.keys() and all(
            _takes_copy(before[key], after[key], owners, name) for key in before
        )
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(
            _takes_copy(*pair, owners, name) for pair in zip(before, after, strict=True)
        )
    return _same(before, after, owners, name)


def refuse_unsettled(engines: tuple[Engine, Engine], documents: tuple[Document, Document]) -> None:
    """Raises:
    MoveError: a stack is mid-way, or was never deployed.
    """
    from linkproof.history.read import read_history

    for engine, document in zip(engines, documents, strict=True):
        state, again = read_state(document), f"run `linkproof deploy {engine.stack}` first; nothing was changed"
        history = read_history(state)
        if state.pending or state.leaving:
            raise MoveError(f"the last deployment of {engine.stack} was interrupted", again)
        if history.problem is not None:
            raise MoveError(f"{engine.stack}: {history.problem}", again)
        if history.unsettled:
            raise MoveError(
                f"{engine.stack}: {', '.join(sorted(history.unsettled)[:3])} was not seen through to its end", again
            )


def refuse_other_providers(documents: tuple[Document, Document], moving: Moving) -> None:
    """The engine takes a provider of the same name for the same, whatever account it leads to.

    Raises:
        MoveError: it leads elsewhere in the other stack.
    """
    here, there = (
        {one["urn"].partition("::")[2]: one for one in (d.get("deployment") or {}).get("resources") or ()}
        for d in documents
    )
    going = set(moving.all_urns)
    used = {
        str(one["provider"]).rpartition("::")[0].partition("::")[2]
        for one in here.values()
        if one["urn"] in going and one.get("provider")
    }
    for tail in sorted(used):
        one, other = here.get(tail), there.get(tail)
        if one is None or other is None:
            continue
        mine, its = (
            {k: v for k, v in (side.get("inputs") or {}).items() if k != "version" and not _is_secret(v)}
            for side in (one, other)
        )
        if mine != its:
            keys = ", ".join(sorted(key for key in {*mine, *its} if mine.get(key) != its.get(key)))
            raise MoveError(
                f"{tail.rpartition('::')[2]} is not the same account in both stacks ({keys})",
                "an object cannot change its account; give the account another name in one of the stacks, and deploy that. Nothing was changed",
            )


def _is_secret(value: Any) -> bool:
    return isinstance(value, Mapping) and "4dabf18193072939515e22adb298388d" in value
