"""What a verification found, said first and then kept: the text, the JSON, the reports, and the stack's last result."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from linkproof.expectations.model import Expectations
    from linkproof.verify.result import VerificationResult


def tell(
    result: VerificationResult,
    expectations: Expectations,
    reports: list[tuple[str, Path]],
    *,
    as_json: bool,
    hint: str = "",
    closing: str = "",
    work_dir: Path | None = None,
    is_whole: bool = True,
) -> NoReturn:
    """Print the verdict, and only then write files: whatever becomes of them, what was found has been said.

    Args:
        hint: said after it on standard error; `closing` with it.
        work_dir: of the stack, which keeps its last result and the requests that were sent.
        is_whole: whether this is the stack's result, and not that of a part.

    Raises:
        typer.Exit: always, with the verdict's code; 2 where a file could not be written.
    """
    from linkproof.commands.reports import STANDARD_OUTPUT, write_reports
    from linkproof.commands.standard_streams import clear_progress

    clear_progress()
    printed = [report for report in reports if report[1] == STANDARD_OUTPUT]
    if printed:
        write_reports(printed, result, expectations)
    elif as_json:
        from datetime import UTC, datetime

        from linkproof.verify.report.document import written

        sys.stdout.writelines(written(result, expectations, datetime.now(UTC)))
    else:
        from rich.console import Console

        from linkproof.verify.report.text import render

        render(result, Console(soft_wrap=True, highlight=False), expectations)
        if closing:
            print(closing)
    sys.stdout.flush()
    files = [report for report in reports if report not in printed]
    is_written = _write_files(result, expectations, files, work_dir, is_whole=is_whole)
    if hint:
        print(hint, file=sys.stderr)
    raise typer.Exit(result.exit_code if is_written else 2)


def _write_files(
    result: VerificationResult,
    expectations: Expectations,
    reports: list[tuple[str, Path]],
    work_dir: Path | None,
    *,
    is_whole: bool,
) -> bool:
    """Everything that is kept, each whatever becomes of the others; False where one could not be, which is said on standard error."""
    from datetime import UTC, datetime

    from linkproof.commands.reports import write_file, write_reports
    from linkproof.engine.own_requests import OwnRequests, sent_to_edges
    from linkproof.errors import LinkproofError
    from linkproof.verify.report.document import pieces
    from linkproof.verify.report.rows import Rows

    def keep() -> None:
        if work_dir is not None:
            work_dir.mkdir(parents=True, exist_ok=True)
            if is_whole:
                # whole or not at all: of a large run this takes seconds, and a half of it would be no last result
                write_file(work_dir / "verify.json", pieces(result.to_json(Rows), indent=1))
            OwnRequests(work_dir).keep(sent_to_edges(expectations, result), datetime.now(UTC))

    def evidence() -> None:
        if result.unwritten is not None:
            raise result.unwritten

    is_written = True
    for write in (keep, evidence, lambda: write_reports(reports, result, expectations)):
        try:
            write()
        except LinkproofError as error:
            is_written = False
            print(f"error: {error}", file=sys.stderr)
        except OSError as error:
            is_written = False
            print(f"error: {error}\n  fix: see to that file or device, and run this again", file=sys.stderr)
    return is_written
