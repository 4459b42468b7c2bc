"""The forms a result can be written in, by name."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from linkproof.expectations.model import Expectations
    from linkproof.verify.result import VerificationResult

# name → (module, function of the result, the expectations and the time of writing)
FORMATS: dict[str, tuple[str, str]] = {
    "text": ("linkproof.verify.report.text", "plain"),
    "json": ("linkproof.verify.report.document", "render"),
    "sarif": ("linkproof.verify.report.sarif", "render"),
    "html": ("linkproof.verify.report.html", "render"),
    "markdown": ("linkproof.verify.report.markdown", "render"),
    "prometheus": ("linkproof.verify.report.prometheus", "render"),
}


# Those that show what each vantage answered.
WITH_ANSWERS = frozenset({"html"})
# Those that are made piece by piece, by another function.
PIECE_BY_PIECE = {"json": "written"}
# Those that can draw.
DRAWN = frozenset({"html"})


def produce(
    name: str, result: VerificationResult, expectations: Expectations, at: datetime, pictures: Sequence[str] = ()
) -> str:
    """A whole report as text.

    Args:
        name: a key of FORMATS.
        result: of `verify`.
        expectations: what was verified.
        at: when the report is written.
        pictures: figures of HTML, each safe as it is, for a format that can show them.
    """
    module, function = FORMATS[name]
    more = (pictures,) if name in DRAWN else ()
    return str(getattr(import_module(module), function)(result, expectations, at, *more))


def pieces(
    name: str, result: VerificationResult, expectations: Expectations, at: datetime, pictures: Sequence[str] = ()
) -> Iterable[str]:
    """What `produce` gives, as texts that follow each other: what may be large is never there as a whole."""
    if name not in PIECE_BY_PIECE:
        return (produce(name, result, expectations, at, pictures),)
    found: Iterable[str] = getattr(import_module(FORMATS[name][0]), PIECE_BY_PIECE[name])(result, expectations, at)
    return found
