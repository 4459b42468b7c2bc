"""The forms a result can be written in, by name."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from infra.expectations.model import Expectations
    from infra.verify.result import Result

# name → (module, function of the result, the expectations and the time of writing)
FORMATS: dict[str, tuple[str, str]] = {
    "text": ("infra.verify.report.text", "plain"),
    "json": ("infra.verify.report.document", "render"),
    "sarif": ("infra.verify.report.sarif", "render"),
    "html": ("infra.verify.report.html", "render"),
    "markdown": ("infra.verify.report.markdown", "render"),
    "prometheus": ("infra.verify.report.prometheus", "render"),
}


def produce(name: str, result: Result, expectations: Expectations, at: datetime) -> str:
    """A whole report as text.

    Args:
        name: a key of FORMATS.
        result: of `verify`.
        expectations: what was verified.
        at: when the report is written.
    """
    module, function = FORMATS[name]
    return str(getattr(import_module(module), function)(result, expectations, at))
