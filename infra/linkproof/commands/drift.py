"""`linkproof drift`: code = state, state = cloud, cloud = what the world sees; of one stack or several, and nothing is written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from linkproof.commands.options import Json, print_json, stack_declaration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from linkproof.declaration.model import Declaration
    from linkproof.drift.model import StackDrift
    from linkproof.project import Project

FORMATS: Final = ("text", "json", "markdown", "prometheus")


def register(app: typer.Typer) -> None:
    app.command()(drift)


def drift(
    stacks: Annotated[list[str] | None, typer.Argument(help="Stacks of this project.", metavar="STACK…")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every stack of the project.")] = False,
    at_once: Annotated[
        int | None,
        typer.Option(
            "--parallel",
            min=1,
            help="So many stacks at once, where they share no zone and no account; with --all four by default.",
        ),
    ] = None,
    report: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT=FILE",
            help="Write a report beside the text: text, json, markdown (the body of one issue; empty on a quiet night) "
            "or prometheus; may repeat. With `-` as its file it goes to standard output, in place of the text.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare code, state, cloud and world, whatever one comparison meets. Writes no state. 1 drift or missing, 3 could not check, 4 lagging, 0 nothing or accepted."""
    from datetime import UTC, datetime

    from linkproof.commands import standard_streams
    from linkproof.commands.drift_at_once import of_stacks
    from linkproof.commands.reports import goes_to_standard_output, parse_reports
    from linkproof.commands.side_by_side import at_once_by_default
    from linkproof.commands.stacks import named_or_every
    from linkproof.drift.document import document, exit_code
    from linkproof.drift.text import lines
    from linkproof.errors import LinkproofError

    reports = parse_reports(report or [], as_json=as_json, formats=FORMATS)
    wanted = named_or_every(stacks or [], every=every)
    most = at_once or (at_once_by_default() if every else 1)
    found = [_of_stack(stack) for stack in wanted] if most == 1 else of_stacks(wanted, most, _of_stack)
    for one in found:
        if one.refused:
            refusal = LinkproofError(one.refused, one.fix)
            print(f"error: {standard_streams.printable(str(refusal))}", file=sys.stderr, flush=True)
    now = datetime.now(UTC)
    if as_json:
        print_json(document(found, now))
    elif not goes_to_standard_output(reports):
        for line in lines(found, has_told_errors=True):
            print(line)
    sys.stdout.flush()
    unwritten = [name for name, file in reports if not _is_written(name, file, found, now)]
    code = exit_code(found)
    raise typer.Exit(2 if unwritten else code)


def _of_stack(stack: str) -> StackDrift:
    """What stops one stack stops no other."""
    from linkproof.commands import crash
    from linkproof.commands.verify import verify_options
    from linkproof.drift.baseline import baseline_file, read_baseline
    from linkproof.drift.gather import Stack, compare
    from linkproof.drift.model import StackDrift
    from linkproof.errors import LinkproofError
    from linkproof.verify.redaction.redact import redact

    try:
        engine, declaration = stack_declaration(stack)
        project = engine.project
        file = baseline_file(project.declaration_file(stack), stack)
        accepted = read_baseline(file, str(project.shown(file)))
        options = verify_options(project, declaration)
        return compare(Stack(engine, declaration, options, _places(engine.project, declaration), accepted))
    except LinkproofError as error:
        return StackDrift(stack, refused=redact(error.problem), fix=redact(error.fix), exit_if_refused=2)
    except OSError as error:
        return StackDrift(stack, refused=str(error), fix="see to that file or device, and run this again")
    except Exception as error:
        crash.trace(error)
        return StackDrift(stack, refused=crash.describe(error), fix=crash.FIX, exit_if_refused=crash.EXIT_CODE)


def _places(project: Project, declaration: Declaration) -> dict[str, str]:
    """Below the project's root, as a pull request shows files."""
    from dataclasses import replace
    from pathlib import Path

    return {
        path: str(replace(place, file=project.shown(Path(place.file)))) for path, place in declaration.places.items()
    }


def _is_written(name: str, file: Path, found: Sequence[StackDrift], now: datetime) -> bool:
    """Whether a report could be written; where not, that is said, and the others are written all the same."""
    from linkproof.commands.reports import write_report
    from linkproof.errors import LinkproofError

    try:
        write_report(file, produce(name, found, now))
    except LinkproofError as error:
        print(f"error: {error}", file=sys.stderr)
        return False
    return True


def produce(name: str, found: Sequence[StackDrift], now: datetime) -> str:
    """One report.

    Args:
        name: of the format.
        now: aware.
    """
    import json

    from linkproof.drift import document, markdown, prometheus, text

    if name == "json":
        return json.dumps(document.document(found, now), indent=1, ensure_ascii=False) + "\n"
    if name == "markdown":
        return markdown.render(found, now)
    if name == "prometheus":
        return prometheus.render(found, now)
    return "\n".join(text.lines(found)) + "\n"
