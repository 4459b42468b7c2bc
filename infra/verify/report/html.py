"""One page for people, complete in itself: nothing is loaded, and nothing that a server sent can run."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from infra.verify.observe.evidence import program_version
from infra.verify.report.escape import printable
from infra.verify.report.matrix import COLUMNS, STATES, arrange, cards, vantage_text
from infra.verify.report.text import MEANINGS

if TYPE_CHECKING:
    from datetime import datetime

    from infra.expectations.model import Expectations
    from infra.verify.result import Result

_HERE = Path(__file__).parent
# The sign says the state too, for those who see no colours.
SIGNS = {"differs": "✕", "not checked": "?", "lagging": "◷", "warning": "!", "right": "✓", "optional": "–"}


def render(result: Result, expectations: Expectations, at: datetime) -> str:
    """The verdict, the findings with their commands, the matrix with its evidence, and what could not be checked."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["shown"] = lambda text: printable(str(text), 2000)
    environment.filters["lines"] = _lines
    style, script = (_HERE / "page.css").read_text("utf-8"), (_HERE / "page.js").read_text("utf-8")
    rows = arrange(result, expectations)
    return environment.get_template("html.jinja").render(
        result=result,
        stack=expectations.stack,
        at=at,
        program=program_version(),
        meaning=MEANINGS[result.verdict],
        cards=cards(result),
        rows=rows,
        columns=COLUMNS,
        states=[state for state in STATES if any(state in row.states for row in rows)],
        signs=SIGNS,
        # Only these two octet for octet: a style or script that slipped in beside them is not obeyed.
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        where=vantage_text,
    )


def _lines(text: str) -> str:
    """Text of several lines; every other control character is shown."""
    return "\n".join(printable(line, 2000) for line in text.split("\n"))


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"
