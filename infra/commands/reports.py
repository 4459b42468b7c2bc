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
    """
    from infra.verify.report.registry import FORMATS

    reports = []
    for text in texts:
        name, equals, file = text.partition("=")
        if name not in FORMATS or not equals or not file:
            raise typer.BadParameter(f"--report {text!r}: write FORMAT=FILE, with FORMAT one of {', '.join(FORMATS)}")
        reports.append((name, Path(file)))
    return reports


def write_reports(reports: list[tuple[str, Path]], result: Result, expectations: Expectations) -> None:
    """Write each report whole or not at all: a collector may read it at any moment.

    Raises:
        UnwritableReportError: a file cannot be written.
    """
    from infra.verify.report.registry import produce

    for name, file in reports:
        text = produce(name, result, expectations, datetime.now(UTC))
        try:
            descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(file)
        except OSError as error:
            raise UnwritableReportError(file, error.strerror or str(error)) from error
