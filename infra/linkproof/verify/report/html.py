"""One page for people, complete in itself: nothing is loaded, and nothing that a server sent can run."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkproof.verify.report.escape import printable
from linkproof.verify.report.matrix import COLUMNS, STATES, arrange, cards, once_each
from linkproof.verify.report.matrix_by_vantage import arrange_by_vantage
from linkproof.verify.report.size_budget import SizeBudget
from linkproof.verify.report.text import counts, meaning
from linkproof.verify.report.vantages import is_from_several, reported, vantages_of
from linkproof.verify.version import program_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from linkproof.expectations.model import Expectations
    from linkproof.verify.report.matrix import FindingKey, Row
    from linkproof.verify.result import CouldNotCheck, VerificationResult

_HERE = Path(__file__).parent
STYLE_FILE = _HERE / "page.css"
# Octets of each part; the rows hold the answers. Some hundred links have all of it, and 5,000 still all their rows.
CARDS, ANSWERS, ROWS, LISTS, PICTURES = 1_500_000, 2_500_000, 5_500_000, 500_000, 500_000
# With the style, the script and the frame.
MAX_OCTETS = CARDS + ROWS + 2 * LISTS + PICTURES + 50_000
# Of hosts that nobody declared.
LOOKED = {"proven": "nothing is wrong with what can be seen", "differs": "something is wrong"}
_UNREMARKABLE = frozenset({"right", "optional"})


def render(result: VerificationResult, expectations: Expectations, at: datetime, pictures: Sequence[str] = ()) -> str:
    """The verdict, the findings with their commands, the matrix with its evidence, and what could not be checked.

    Args:
        pictures: figures that stand first, each safe as it is.
    """
    templates = environment(_HERE)
    parts: Any = templates.get_template("html_parts.jinja").module
    style, script = STYLE_FILE.read_text("utf-8"), (_HERE / "page.js").read_text("utf-8")
    found = cards(result)
    budget = SizeBudget(CARDS)
    shown_cards = [text for number, card in enumerate(found, 1) if budget.fits(text := parts.card(card, number))]
    picture_budget = SizeBudget(PICTURES)
    drawn = [one for one in pictures if picture_budget.fits(one)]
    numbers = {card.key: number for number, card in enumerate(found[: len(shown_cards)], 1)}
    several = is_from_several(result)
    columns = vantages_of(result) if several else COLUMNS
    matrix = arrange_by_vantage(result, expectations) if several else arrange(result, expectations)
    row_budget, answer_budget = SizeBudget(ROWS), SizeBudget(ANSWERS)
    boxes = _boxes(matrix, columns, parts, numbers, answer_budget)
    rows = [text for row, own in zip(matrix, boxes, strict=True) if row_budget.fits(text := parts.row(row, own))]
    page: str = templates.get_template("html.jinja").render(
        result=result,
        stack=expectations.stack,
        at=at,
        program=program_version(),
        meaning=LOOKED.get(result.verdict, meaning(result)) if pictures else meaning(result),
        counts=counts(result),
        pictures=drawn,
        pictures_left_out=picture_budget.left_out,
        cards=shown_cards,
        cards_left_out=budget.left_out,
        by_rule=Counter(card.finding.rule for card in found).most_common(),
        rows=rows,
        rows_left_out=row_budget.left_out,
        answers_left_out=answer_budget.left_out,
        columns=columns,
        reported=reported(result) if several else [],
        states=[state for state in STATES if any(state in row.states for row in matrix)],
        lists=[
            ("unchecked", "Could not be checked", *_list(result.could_not_check, parts)),
            ("unprobed", "Cannot be probed in this phase", *_list(result.unprobed, parts)),
            ("optional", "Optional, decides nothing", *_list(result.optional, parts)),
        ],
        # Only these two octet for octet: a style or script that slipped in beside them is not obeyed.
        style=style,
        script=script,
        style_hash=hash_of(style),
        script_hash=hash_of(script),
    )
    return page


def environment(folder: Path) -> Any:
    """How templates of a folder are read: everything is escaped, and what is not given is a fault."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["shown"] = lambda text: printable(str(text), 2000)
    made.filters["lines"] = _lines
    made.filters["some"] = _some
    return made


def _boxes(
    rows: Sequence[Row], columns: Sequence[str], parts: Any, numbers: dict[FindingKey, int], budget: SizeBudget
) -> list[list[str]]:
    """Each box as text. What is wrong is the first to keep its answers, whatever row it is in."""
    made: dict[int, str] = {}
    for box in sorted(
        (box for row in rows for box in row.boxes.values() if box.entries), key=lambda box: box.state in _UNREMARKABLE
    ):
        # nothing is made of what does not fit any more: of 5,000 links that is most of it
        whole = " " if budget.left_out else parts.answers(box, numbers)
        made[id(box)] = whole if budget.fits(whole) else parts.summary(box)
    return [[made.get(id(row.boxes[column]), "") for column in columns] for row in rows]


def _list(items: Iterable[CouldNotCheck], parts: Any) -> tuple[list[str], int]:
    budget = SizeBudget(LISTS)
    return [text for item in once_each(items) if budget.fits(text := parts.unchecked(item))], budget.left_out


def _some(items: Sequence[str], most: int, between: str = ", ") -> str:
    more = f"{between}and {len(items) - most} more" if len(items) > most else ""
    return between.join(items[:most]) + more


def _lines(text: str) -> str:
    """Text of several lines; every other control character is shown."""
    return "\n".join(printable(line, 2000) for line in text.split("\n"))


def hash_of(text: str) -> str:
    """As a content security policy names a style or script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"
