"""`linkproof show`: what stands, at a glance and without asking anybody."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkproof.commands.options import Json, Stack, deployed_state, print_json


def register(app: typer.Typer) -> None:
    app.command()(show)


def show(
    stack: Stack,
    html: Annotated[Path | None, typer.Option(help="Write the page to this file as well.", metavar="FILE")] = None,
    as_json: Json = False,
) -> None:
    """Print each link's phase, its certificate's days, what is next, and until when old answers live. Asks no server."""
    from datetime import UTC, datetime

    from linkproof.commands.summary import last_report_at
    from linkproof.project import Project
    from linkproof.standing.rows import standing
    from linkproof.standing.text import lines

    project = Project.find()
    declaration, state, lacks = deployed_state(stack)
    verified, at = last_report_at(project, stack)
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
