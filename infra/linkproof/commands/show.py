"""`linkproof show`: what stands, at a glance and without asking anybody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.commands.options import Json, Stack, print_json

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.contract.state import State
    from linkproof.declaration.model import Declaration
    from linkproof.project import Project


def register(app: typer.Typer) -> None:
    app.command()(show)


def show(
    stack: Stack,
    html: Annotated[Path | None, typer.Option(help="Write the page to this file as well.", metavar="FILE")] = None,
    as_json: Json = False,
) -> None:
    """Print each link's phase, its certificate's days, what is next, and until when old answers live. Asks no server."""
    from datetime import UTC, datetime

    from linkproof.project import Project
    from linkproof.standing.rows import standing
    from linkproof.standing.text import lines

    project = Project.find()
    declaration, state, unknown = _deployed(project, stack)
    verified, at = _last(project, stack)
    now = datetime.now(UTC)
    found = standing(stack, declaration, state, verified, at, now, unknown)
    if as_json:
        print_json(found.to_json())
    else:
        for line in lines(found):
            print(line)
    if html is not None:
        from linkproof.commands.reports import write_file
        from linkproof.standing.page import render

        write_file(html, render(found, now))


def _deployed(project: Project, stack: str) -> tuple[Declaration, State | None, tuple[str, ...]]:
    """With the state where an engine is there to read it."""
    from linkproof.commands.options import stack_declaration
    from linkproof.declaration.load import require
    from linkproof.engine.environment import NoCliError
    from linkproof.engine.state import read_state
    from linkproof.extras import MissingExtraError

    try:
        engine, declaration = stack_declaration(stack)
        document = engine.export_if_any()
    except (MissingExtraError, NoCliError) as error:
        return (
            require(project.declaration_file(stack)),
            None,
            (f"what only the state of {stack} knows: {error.problem}",),
        )
    if document is None:
        return declaration, None, (f"{stack} was never deployed",)
    return declaration, read_state(document), ()


def _last(project: Project, stack: str) -> tuple[dict[str, Any], datetime | None]:
    """The last report of `verify`, and when it was written."""
    from datetime import UTC, datetime

    from linkproof.commands.summary import last_report

    file = project.work_dir(stack) / "verify.json"
    document = last_report(project, stack)
    return document, datetime.fromtimestamp(file.stat().st_mtime, UTC) if document else None
