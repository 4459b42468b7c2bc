"""What stands, as one page that is complete in itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from linkproof.standing.rows import Standing
from linkproof.standing.text import phase_of, when
from linkproof.verify.report.html import STYLE_FILE, environment, hash_of

_HERE = Path(__file__).parent


def render(found: Standing, at: datetime) -> str:
    """The page."""
    style = STYLE_FILE.read_text("utf-8")
    text: str = (
        environment(_HERE)
        .get_template("page.jinja")
        .render(
            found=found,
            phases=found.by_phase(),
            phase_of=phase_of,
            when=when,
            at=at,
            style=style,
            style_hash=hash_of(style),
        )
    )
    return text
