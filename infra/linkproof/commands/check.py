"""`linkproof check`: every problem of every declaration, all at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, is_revision, load_source, load_stack, print_json, require_source, stack_of
from linkproof.commands.stacks import accounts_of, every_declaration
from linkproof.words import counted

if TYPE_CHECKING:
    from linkproof.declaration.model import Declaration
    from linkproof.declaration.problem import Problem


def register(app: typer.Typer) -> None:
    app.command()(check)


def check(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            help="Declarations: FILE, REV:path, or a STACK, whose config is then checked as well. None: every stack of the project.",
            metavar="[FILE...]",
        ),
    ] = None,
    base: Annotated[
        str | None, typer.Option(help="What was deployed: FILE or REV:path. Adds the rules that need the past.")
    ] = None,
    report: Annotated[
        list[str] | None,
        typer.Option(
            help="Write a report beside the text: sarif, for code scanning, has each problem on its line. With - for FILE it takes the text's place.",
            metavar="FORMAT=FILE",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check declarations without Pulumi, network or credentials, each by itself and all of them together. Exit code 2 when one has an error."""
    from linkproof.commands.reports import goes_to_standard_output, parse_reports, write_report
    from linkproof.declaration.past import compare
    from linkproof.declaration.together import judge_together

    reports = parse_reports(report or [], as_json=as_json, formats=("sarif",))
    past = require_source(base) if base is not None else None
    problems: list[Problem] = []
    several: dict[str, tuple[Declaration, object]] = {}
    named = files or every_declaration()
    for file in named:
        stack = stack_of(file)
        loaded = load_source(file) if stack is None else load_stack(stack)
        problems += loaded.problems
        if past is not None and loaded.declaration is not None:
            problems += compare(past, loaded.declaration)
        if loaded.declaration is not None and not is_revision(file):
            # a file and its stack are one declaration
            whose = str(Path(loaded.declaration.file).resolve())
            several.setdefault(whose, (loaded.declaration, accounts_of(stack)))
    problems += judge_together(list(several.values()))
    errors = sum(problem.is_error for problem in problems)
    if as_json:
        print_json({"version": 1, "problems": [problem.to_json() for problem in problems]})
    elif not goes_to_standard_output(reports):
        for problem in problems:
            print(problem)
        warnings = len(problems) - errors
        print(f"{counted(len(named), 'declaration')}: {counted(errors, 'error')}, {counted(warnings, 'warning')}")
    exit_code = 2 if errors else 0
    if reports:
        from linkproof.commands.check_sarif import render

        for _, target in reports:
            write_report(target, render(problems, exit_code))
    raise typer.Exit(exit_code)
