"""`--report FORMAT=FILE` of `linkproof verify`."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from infra.errors import LinkproofError

if TYPE_CHECKING:
    from infra.expectations.model import Expectations
    from infra.verify.result import Result


class UnwritableReportError(LinkproofError):
    """A report's file cannot be written."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"--report {file}: {reason}", "give a file in a folder that exists and can be written")
        self.file = file


def parse_reports(texts: list[str]) -> list[tuple[str, Path]]:
    """Read the options before anybody is asked.

    Raises:
        typer.BadParameter: an unknown format, or no file.
        UnwritableReportError: a file that cannot be written.
    """
    from infra.verify.report.registry import FORMATS

    reports = []
    for text in texts:
        name, equals, file = text.partition("=")
        if name not in FORMATS or not equals or not file:
            raise typer.BadParameter(f"--report {text!r}: write FORMAT=FILE, with FORMAT one of {', '.join(FORMATS)}")
        reports.append((name, _writable(Path(file))))
    return reports


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


def write_reports(reports: list[tuple[str, Path]], result: Result, expectations: Expectations) -> None:
    """Write each report whole or not at all: a collector may read it at any moment.

    Raises:
        UnwritableReportError: a file cannot be written.
    """
    from infra.verify.report.registry import produce

    for name, file in reports:
        text = produce(name, result, expectations, datetime.now(UTC))
        try:
            if _is_special(file):
                file.write_text(text, "utf-8")
                continue
            descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
            Path(temporary).chmod(0o666 & ~_umask())
            Path(temporary).replace(file)
        except OSError as error:
            raise UnwritableReportError(file, error.strerror or str(error)) from error


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current
