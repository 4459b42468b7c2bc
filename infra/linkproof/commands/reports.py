"""`--report FORMAT=FILE` of a command; FILE may be `-`, for standard output."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from linkproof.expectations.model import Expectations
    from linkproof.verify.result import VerificationResult


class UnwritableReportError(LinkproofError):
    """A report's file cannot be written."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file}: {reason}", "give a file in a folder that exists and can be written")
        self.file = file


# Standard output, in place of the text for people.
STANDARD_OUTPUT: Final = Path("-")


def parse_reports(
    texts: list[str], *, as_json: bool = False, formats: Collection[str] | None = None
) -> list[tuple[str, Path]]:
    """Read the options before anybody is asked.

    Args:
        formats: that the command has; None for those of a verification.

    Raises:
        typer.BadParameter: an unknown format, no file, or more than one document for standard output.
        UnwritableReportError: a file that cannot be written.
    """
    if formats is None:
        from linkproof.verify.report.registry import FORMATS

        formats = FORMATS
    reports = []
    for text in texts:
        name, equals, file = text.partition("=")
        if name not in formats or not equals or not file:
            raise typer.BadParameter(f"--report {text!r}: write FORMAT=FILE; the formats here: {', '.join(formats)}")
        reports.append((name, STANDARD_OUTPUT if file == "-" else _writable(Path(file))))
    if goes_to_standard_output(reports) and (as_json or [file for _, file in reports].count(STANDARD_OUTPUT) > 1):
        raise typer.BadParameter(
            "only one document can go to standard output: give the others a file, or leave --json out"
        )
    return reports


def goes_to_standard_output(reports: list[tuple[str, Path]]) -> bool:
    """Whether a report takes the place of the text for people."""
    return any(file == STANDARD_OUTPUT for _, file in reports)


def _writable(file: Path) -> Path:
    """The file itself behind a link, as a shell would write to it; found out before anybody is asked.

    Raises:
        UnwritableReportError: it is a folder, or its folder is not there or not ours to write in.
    """
    target = Path(os.path.realpath(file))
    if target.is_dir():
        raise UnwritableReportError(file, "is a folder")
    if not target.parent.is_dir():
        raise UnwritableReportError(file, "its folder does not exist")
    if not os.access(target if _is_special(target) else target.parent, os.W_OK):
        raise UnwritableReportError(file, "cannot be written")
    return target


def _is_special(target: Path) -> bool:
    """A device or a pipe: written to, never replaced."""
    return target.exists() and not target.is_file()


def write_reports(
    reports: list[tuple[str, Path]],
    result: VerificationResult,
    expectations: Expectations,
    pictures: Sequence[str] = (),
) -> None:
    """Write each report whole or not at all: a collector may read it at any moment.

    Args:
        pictures: for a format that can show them.

    Raises:
        UnwritableReportError: a file cannot be written.
    """
    from linkproof.verify.report.registry import pieces

    for name, file in reports:
        write_report(file, pieces(name, result, expectations, datetime.now(UTC), pictures))


def write_report(file: Path, text: str | Iterable[str]) -> None:
    """One report, whole or in pieces, to its file or to standard output.

    Raises:
        UnwritableReportError: the file cannot be written.
    """
    if file == STANDARD_OUTPUT:
        last = ""
        for last in _pieces(text):
            sys.stdout.write(last)
        sys.stdout.write("" if last.endswith("\n") else "\n")
        sys.stdout.flush()
    else:
        write_file(file, text)


def _pieces(text: str | Iterable[str]) -> Iterable[str]:
    return (text,) if isinstance(text, str) else text


def write_file(file: Path, text: str | Iterable[str]) -> None:
    """One file, whole or not at all.

    Raises:
        UnwritableReportError: it cannot be written.
    """
    try:
        if _is_special(file):
            with file.open("w", encoding="utf-8") as stream:
                stream.writelines(_pieces(text))
            return
        descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.writelines(_pieces(text))
            Path(temporary).chmod(0o666 & ~_umask())
            Path(temporary).replace(file)
        except BaseException:  # ^C, while the pieces are made
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UnwritableReportError(file, error.strerror or str(error)) from error


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current
