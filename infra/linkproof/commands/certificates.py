"""`linkproof certificates`: every certificate of a stack, and until when somebody must act."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkproof.commands.options import Json, Stack, print_json


def register(app: typer.Typer) -> None:
    app.command()(certificates)


def certificates(
    stack: Stack,
    html: Annotated[Path | None, typer.Option(help="Write the page to this file as well.", metavar="FILE")] = None,
    ical: Annotated[Path | None, typer.Option(help="Write a calendar (iCalendar) as well.", metavar="FILE")] = None,
    as_json: Json = False,
) -> None:
    """Print where each certificate stands, who renews it, and the last day to act. Asks no server; exit code 1 when one is late."""
    from datetime import UTC, datetime

    from linkproof.commands.reports import write_file
    from linkproof.commands.summary import last_report_at
    from linkproof.declaration.load import require
    from linkproof.project import Project
    from linkproof.standing import certificates as standing

    project = Project.find()
    declaration = require(project.declaration_file(stack))
    verified, seen_at = last_report_at(project, stack)
    now = datetime.now(UTC)
    found = standing.certificates(stack, declaration, verified, seen_at, now)
    if as_json:
        print_json(found.to_json())
    else:
        for line in standing.rows_as_text(found):
            print(line)
    if html is not None:
        from linkproof.standing.page import render_certificates

        write_file(html, render_certificates(found, now))
    if ical is not None:
        from linkproof.standing.calendar import render

        write_file(ical, render(found, now))
    raise typer.Exit(1 if found.is_late else 0)
