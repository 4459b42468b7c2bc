"""`linkproof merge`: the results of shards and vantages as one result, with its reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, Reports, stack_of
from linkproof.commands.telling import tell

if TYPE_CHECKING:
    from linkproof.expectations.model import Expectations


def register(app: typer.Typer) -> None:
    app.command()(merge)


def merge(
    results: Annotated[
        list[Path], typer.Argument(help="What `verify --json` or `merge --json` wrote.", metavar="RESULT…")
    ],
    expectations: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|STACK", help="The expectations that the results must be of; gives the reports names."
        ),
    ] = None,
    expect_vantage: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME,…", help="Places that were to report; one that did not is not checked. May repeat."),
    ] = None,
    report: Reports = None,
    as_json: Json = False,
) -> None:
    """Merge results of `verify` by shard and vantage. 0 proven, 1 differs, 3 not proven, 4 lagging, as `verify`."""
    from linkproof.commands.reports import parse_reports
    from linkproof.expectations.model import Expectations
    from linkproof.shards.document import load
    from linkproof.shards.identity import vantage_name
    from linkproof.shards.merged import merge as merged
    from linkproof.shards.read_back import read_back

    reports = parse_reports(report or [], as_json=as_json)
    names = [vantage_name(name) for text in expect_vantage or () for name in text.split(",")]
    wanted = _expectations(expectations) if expectations is not None else None
    documents = [load(file) for file in results]
    document = merged(documents, wanted, vantages=names, places=[str(file) for file in results])
    tell(read_back(document), wanted or Expectations(version=1), reports, as_json=as_json)


def _expectations(spec: str) -> Expectations:
    """Of a file or of a stack.

    Raises:
        InvalidExpectationsError: they cannot be read.
    """
    from linkproof.expectations.model import load
    from linkproof.project import Project

    stack = stack_of(spec)
    return load(Project.find().expectations_file(stack), stack) if stack else load(Path(spec))
