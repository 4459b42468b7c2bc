"""The history as one page that is complete in itself: nothing is loaded, and nothing in it can run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

from linkproof.drift.nights import STATES, Nights
from linkproof.verify.report.html import STYLE_FILE, environment, hash_of

_HERE: Final = Path(__file__).parent
# The page's own classes.
_LOOKS: Final = {
    "drift": "differs",
    "missing": "differs",
    "could not check": "not-checked",
    "lagging": "lagging",
    "accepted": "warning",
    "quiet": "right",
}


def render(found: Nights) -> str:
    """Rows are links, columns nights."""
    style = STYLE_FILE.read_text("utf-8")
    seen = Counter(row.cells[-1].state for row in found.rows if row.cells)
    last = {state: seen[state] for state in STATES if seen[state]}
    values = {"found": found, "looks": _LOOKS, "last": last, "is_quiet": set(last) <= {"quiet", "accepted"}}
    text: str = environment(_HERE).get_template("nights.jinja").render(style=style, style_hash=hash_of(style), **values)
    return text
