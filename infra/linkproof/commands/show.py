"""`linkproof show`: what stands, at a glance and without asking anybody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.commands.options import Json, Stack, deployed_state, print_json

if TYPE_CHECKING:
    from datetime import datetime

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
    declaration, state, lacks = deployed_state(stack)
    verified, at = last_verification(project, stack)
    now = datetime.now(UTC)
    found = standing(stack, declaration, state, verified, at, now, (lacks,) if lacks else ())
    if as_json:
        print_json(found.to_json())
    else:
        for line in lines(found):
            print(line)
    if html is not None:
        from linkproof.commands.reports import write_file
        from linkproof.standing.page import render

        write_file(html, render(found, now))


def last_verification(project: Project, stack: str) -> tuple[dict[str, Any], datetime | None]:
    """The last report of `verify`, and when it was written."""
    from datetime import UTC, datetime

    from linkproof.commands.summary import last_report

    file = project.work_dir(stack) / "verify.json"
    document = last_report(project, stack)
    return document, datetime.fromtimestamp(file.stat().st_mtime, UTC) if document else None
