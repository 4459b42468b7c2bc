"""`linkproof move`: takes links and tracking hosts, with what is deployed of them, from one stack to another; in the cloud only the mark of ownership changes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, print_json, stack_declaration
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.engine.cli import Engine
    from linkproof.engine.move.declared import Declared, Side
    from linkproof.engine.move.journal import Journal
    from linkproof.engine.move.rehearsal import Rehearsed
    from linkproof.engine.move.resources import Moving
    from linkproof.kept import Kept
    from linkproof.project import Project


def register(app: typer.Typer) -> None:
    app.command()(move)


def move(
    links: Annotated[
        list[str] | None,
        typer.Argument(
            help="Links and tracking hosts, by their keys; none ends a move that was interrupted.", metavar="LINK…"
        ),
    ] = None,
    to: Annotated[
        str, typer.Option("--to", metavar="STACK", help="The stack that gets them; it was deployed once.")
    ] = "",
    source: Annotated[
        str, typer.Option("--from", metavar="STACK", help="The stack that has them; found where one alone does.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Move without asking.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Rehearse on copies and show it, and change nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Move links and tracking hosts between stacks: their part of the file, of the state and of the history. Rehearsed on copies first; 2 when refused.

    Killed at any point, run it again: it ends what it began.
    """
    from linkproof.engine.move.journal import keep_journal, read_journal
    from linkproof.engine.move.told import document, in_words
    from linkproof.project import Project

    project = Project.find()
    if not to:
        raise typer.BadParameter("name the stack that gets them: --to STACK")
    left = read_journal(project)
    if left is not None:
        _refuse_another(left, links or [], to)
        _end(project, left, as_json=as_json)
        return
    if not links:
        raise typer.BadParameter("name the links and tracking hosts that move")
    keys = list(dict.fromkeys(links))
    journal, moving, rehearsed, declared = _planned(project, keys, source or _stack_with(keys, to), to)
    if not as_json:
        for line in in_words(journal, moving, rehearsed, declared):
            print(line)
    if dry_run:
        if as_json:
            print_json(document(journal, moving, rehearsed, moved=False))
        return
    if not yes:
        _ask(journal)
    keep_journal(project, journal)
    _end(project, journal, as_json=False, is_quiet=as_json)
    if as_json:
        print_json(document(journal, moving, rehearsed, moved=True))


def _planned(
    project: Project, keys: Sequence[str], source: str, target: str
) -> tuple[Journal, Moving, Rehearsed, Declared]:
    """Everything that can be refused is refused here."""
    from linkproof.engine.move.declared import MoveError, declared_after, entry_of
    from linkproof.engine.move.journal import Journal, digest
    from linkproof.engine.move.rehearsal import rehearse
    from linkproof.engine.move.resources import moving as moving_of
    from linkproof.engine.move.rest import refuse_other_providers, refuse_unsettled
    from linkproof.plan.build import build

    if source == target:
        raise MoveError(f"{target} has them already", "name another stack")
    (one, mine), (two, its) = (_side(project, stack) for stack in (source, target))
    unknown = [key for key in keys if entry_of(mine.declaration, key) is None]
    if unknown:
        known = ", ".join((*mine.declaration.links, *mine.declaration.tracking_hosts))
        raise MoveError(f"{unknown[0]} is no link of {source}, nor a tracking host", f"name one of: {known}")
    engines = one, two
    documents = one.export(), two.export()
    refuse_unsettled((source, target), documents)
    declared = declared_after(mine, its, keys)
    before = build(mine.declaration), build(its.declaration)
    moving = moving_of(before, (build(declared.source), build(declared.target)), declared, documents[0])
    refuse_other_providers(documents, moving)
    kept = _kept(project, engines, moving)
    rehearsed = rehearse(engines, documents, moving, declared, (kept[0][1], kept[1][1]))
    files = [
        (project.shown(Path(side.name)), side.text, text)
        for side, text in ((its, declared.target_text), (mine, declared.source_text))
    ]
    journal = Journal(
        source, target, _keys(declared, "links"), moving.all_urns, (digest(documents[0]), digest(documents[1])), rehearsed.documents,
        (*files, *_kept_files(project, kept)), _keys(declared, "tracking_hosts"),
    )  # fmt: skip
    return journal, moving, rehearsed, declared


def _keys(declared: Declared, section: str) -> tuple[str, ...]:
    return tuple(key for of, key in declared.gone if of == section)


def _side(project: Project, stack: str) -> tuple[Engine, Side]:
    from linkproof.commands.stacks import accounts_of
    from linkproof.discover.file import DeclarationFile
    from linkproof.engine.move.declared import Side

    engine, declaration = stack_declaration(stack)
    shown = str(project.declaration_file(stack))
    file = DeclarationFile.open(Path(shown), shown, "")
    return engine, Side(stack, shown, file.text, declaration, accounts_of(stack))


def _stack_with(keys: Sequence[str], target: str) -> str:
    """Raises:
    LinkproofError: none has them all, or several have.
    """
    from linkproof.commands.stacks import every_stack
    from linkproof.declaration.load import load
    from linkproof.engine.move.declared import entry_of
    from linkproof.project import Project
    from linkproof.show import did_you_mean

    project = Project.find()
    stacks = every_stack()
    if target not in stacks:
        raise LinkproofError(
            f"there is no stack {target!r} here (stacks: {', '.join(stacks)})", "name one of them with --to"
        )
    found, known = [], set[str]()
    for stack in stacks:
        declaration = load(project.declaration_file(stack)).declaration if stack != target else None
        if declaration is not None:
            known |= declaration.links.keys() | declaration.tracking_hosts.keys()
            if all(entry_of(declaration, key) is not None for key in keys):
                found.append(stack)
    if len(found) > 1:
        raise LinkproofError(
            f"{' and '.join(found)} have {', '.join(keys)}", "name the stack that they leave: --from STACK"
        )
    if not found:
        unknown = [key for key in keys if key not in known]
        fix = (
            did_you_mean(unknown[0], known)
            if unknown
            else "name links of one stack, and move those of another by themselves"
        )
        raise LinkproofError(f"no stack but {target} has {' and '.join(keys)}", fix)
    return found[0]


def _kept(
    project: Project, engines: tuple[Engine, Engine], moving: Moving
) -> tuple[tuple[Path, Kept, str], tuple[Path, Kept, str]]:
    """What was taken over as it was found goes with its resources: file, content afterwards, and text before."""
    from linkproof.kept import Kept, kept_file, read_kept

    goes = {(urn.split("::")[2].rpartition("$")[2], urn.rpartition("::")[2]) for urn in moving.all_urns}
    files = [kept_file(project.declaration_file(engine.stack), engine.stack) for engine in engines]
    one, two = map(read_kept, files)
    stays = Kept(
        {key: paths for key, paths in one.paths.items() if key not in goes},
        {key: values for key, values in one.spelled.items() if key not in goes},
    )
    more = Kept(
        {**two.paths, **{key: paths for key, paths in one.paths.items() if key in goes}},
        {**two.spelled, **{key: values for key, values in one.spelled.items() if key in goes}},
    )
    texts = [file.read_text() if file.exists() else "" for file in files]
    return (files[0], stays, texts[0]), (files[1], more, texts[1])


def _kept_files(
    project: Project, kept: tuple[tuple[Path, Kept, str], tuple[Path, Kept, str]]
) -> list[tuple[str, str, str]]:
    import tempfile

    from linkproof.kept import read_kept, write_kept

    found = []
    for file, after, text in reversed(kept):
        if read_kept(file) == after:
            continue
        with tempfile.TemporaryDirectory() as folder:
            write_kept(Path(folder) / "kept.yaml", after)
            found.append((project.shown(file), text, (Path(folder) / "kept.yaml").read_text()))
    return found


def _refuse_another(left: Journal, keys: Sequence[str], target: str) -> None:
    named = {key.removeprefix("links.").removeprefix("tracking_hosts.") for key in keys}
    if left.target != target or (keys and named != {*left.links, *left.hosts}):
        raise LinkproofError(
            f"a move of {left.names} from {left.source} to {left.target} was interrupted",
            f"run `linkproof move --to {left.target}` first, which ends it",
        )


def _ask(journal: Journal) -> None:
    """Raises:
    LinkproofError: nobody can be asked, or the answer is no.
    """
    if not sys.stdin.isatty():
        raise LinkproofError(
            "nobody can be asked here, and nothing was changed", "say --yes, or --dry-run to look only"
        )
    if not typer.confirm(f"move them from {journal.source} to {journal.target}?", err=True):
        raise LinkproofError("nothing was changed", "run it again when they are to move")


def _end(project: Project, journal: Journal, *, as_json: bool, is_quiet: bool = False) -> None:
    from linkproof.declaration.load import load
    from linkproof.engine.cli import Engine
    from linkproof.engine.move.journal import steps

    def engine_of(stack: str) -> Engine:
        # the file may be half way: of it nothing but the world that it lives in is needed
        declaration = load(project.declaration_file(stack)).declaration
        return Engine(project, stack, declaration is not None and declaration.lab)

    for step in steps(project, journal, engine_of):
        if not as_json and not is_quiet:
            print(f"written: {step}" if step != "journal" else "moved", flush=True)
    if as_json:
        print_json(
            {
                "version": 1,
                "links": list(journal.links),
                "tracking_hosts": list(journal.hosts),
                "from": journal.source,
                "to": journal.target,
                "moved": True,
            }
        )
    elif not is_quiet:
        print(
            f"next: commit {' and '.join(name for name, _, _ in journal.files)} together, then `linkproof deploy {journal.target}`,"
            f" which marks them, and `linkproof deploy {journal.source}`"
        )
