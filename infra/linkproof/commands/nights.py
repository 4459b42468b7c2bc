"""`linkproof nights`: the history of kept results of `linkproof drift`, links × nights."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkproof.commands.options import Json, print_json


def register(app: typer.Typer) -> None:
    app.command()(nights)


def nights(
    results: Annotated[
        list[Path],
        typer.Argument(help="Files that `linkproof drift --json` wrote, or folders of them.", metavar="RESULT…"),
    ],
    html: Annotated[Path | None, typer.Option(help="Write the page to this file.", metavar="FILE")] = None,
    as_json: Json = False,
) -> None:
    """Print of each link how many nights were quiet and what the last one had; with --html, the page of all of them."""
    from linkproof.commands.reports import write_file
    from linkproof.commands.standard_streams import printable
    from linkproof.drift.nights import files_of, read_nights

    found = read_nights(files_of(results))
    if as_json:
        rows = [
            {"stack": row.stack, "link": row.link, "nights": [cell.state or None for cell in row.cells]}
            for row in found.rows
        ]
        print_json({"version": 1, "nights": [at.isoformat() for at in found.moments], "rows": rows})
    else:
        for row in found.rows:
            looked = [cell.state for cell in row.cells if cell.state]
            quiet = sum(state == "quiet" for state in looked)
            last = row.cells[-1].state or "not looked at"
            print(printable(f"{row.stack}  {row.link}  {quiet} of {len(looked)} nights quiet; last: {last}"))
    if html is not None:
        from linkproof.drift.nights_page import render

        write_file(html, render(found))
