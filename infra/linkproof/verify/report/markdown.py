"""Markdown for a pull request's comment or a job's summary: the table first, and never more than a comment may hold."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from linkproof.verify.report.escape import printable
from linkproof.verify.report.matrix import cards, once_each
from linkproof.verify.report.text import counts, meaning, some
from linkproof.verify.report.vantages import WORDS, is_from_several, reported, vantages_of
from linkproof.verify.report.vantages import rows as vantage_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from linkproof.expectations.model import Expectations
    from linkproof.verify.report.matrix import Card, Unchecked
    from linkproof.verify.result import VerificationResult

# GitHub takes 65,536 characters in a comment; the rest is for what a workflow adds around this.
MAX_CHARACTERS = 60_000
_SPECIAL = re.compile(r"([\\`*_\[\]#|~$])")
# At the start of a line these make a list, a heading or a rule.
_START = re.compile(r"^(\s*\d*)([-+=]|[.)](?=\s|$))")
# A link that would be made of plain text, and a name or an issue that would be told: broken by what nobody sees.
_URL = re.compile(r"(?i)(https?|ftp|mailto|xmpp):")
_WWW = re.compile(r"(?i)(www)\.")
_NOTICE = re.compile(r"(?<!&)#(?=\d)|(?<=\bGH)-(?=\d)|\.(?=git\b)")
_INVISIBLE = "\u200b"


def escaped(text: str, limit: int = 300) -> str:
    """Text that Markdown shows as it is: no markup, no HTML, no link, nobody mentioned, and a table's cell stays one cell."""
    shown = _START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", printable(text, limit)))
    shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _told_to_nobody(shown)


def in_html(text: str, limit: int = 300) -> str:
    """Text inside an HTML block, in which Markdown's own escapes would show."""
    return _told_to_nobody(html.escape(printable(text, limit)))


def _told_to_nobody(text: str) -> str:
    broken = _WWW.sub(rf"\1{_INVISIBLE}.", _URL.sub(rf"\1{_INVISIBLE}:", text))
    return _NOTICE.sub(lambda match: f"{match[0]}{_INVISIBLE}", broken.replace("@", f"@{_INVISIBLE}"))


def code(text: str, limit: int = 1000) -> str:
    """A fenced block whose fence is longer than any run of backticks inside."""
    shown = printable(text, limit)
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", shown)), 3)
    return f"{fence}sh\n{shown}\n{fence}"


def render(result: VerificationResult, expectations: Expectations, at: datetime) -> str:
    """The verdict, a table of what is not right, then the details; what does not fit is counted."""
    words = meaning(result)
    head = [
        f"### linkproof {escaped(expectations.stack or 'verify')}: {result.verdict}",
        "",
        f"{words[0].upper()}{words[1:]}. {counts(result)} · {at:%Y-%m-%d %H:%M} UTC",
        "",
    ]
    if is_from_several(result):
        head += _by_vantage(result, expectations)
    found = cards(result)
    rows = [_row(card) for card in found]
    rows += [_unchecked(item) for item in once_each(result.could_not_check)]
    rows += [_unprobed(item) for item in once_each(result.unprobed)]
    details = [_detail(card) for card in found]
    if not rows:
        return "\n".join(head)
    table = ["| | expectation | asked | declared | answered | rule |", "|---|---|---|---|---|---|"]
    text = "\n".join([*head, *table]) + "\n"
    # each notice of a cut needs its own share
    shown, left = _fit(rows, MAX_CHARACTERS - len(text) - 200)
    text += "".join(shown)
    if left:
        return f"{text}\n{left} more rows and all details were cut: the HTML and JSON reports have them.\n"
    text += "\n"
    shown, left = _fit(details, MAX_CHARACTERS - len(text) - 200)
    text += "".join(shown)
    if left:
        text += f"\nThe details of {left} more were cut: the HTML and JSON reports have them.\n"
    return text


def _by_vantage(result: VerificationResult, expectations: Expectations) -> list[str]:
    """Who reported, and a row for each expectation that is not right from everywhere."""
    names = vantages_of(result)
    lines = [f"From {escaped(some(reported(result), 20), 1000)}.", ""]
    found = [row for row in vantage_rows(result, expectations) if not row.is_right]
    if not found or len(names) == 1:
        return lines
    told = [_cells([escaped(row.subject), *(WORDS[cell] for cell in row.cells)]) for row in found]
    shown, left = _fit(told, MAX_CHARACTERS // 3)
    table = f"| expectation | {' | '.join(map(escaped, names))} |\n|{'---|' * (len(names) + 1)}\n{''.join(shown)}"
    return [*lines, table, *([f"{left} more rows were cut: the HTML report has them.", ""] if left else [])]


def _fit(parts: Sequence[str], budget: int) -> tuple[list[str], int]:
    shown: list[str] = []
    for part in parts:
        budget -= len(part)
        if budget < 0:
            break
        shown.append(part)
    return shown, len(parts) - len(shown)


def _row(card: Card) -> str:
    finding = card.finding
    cells = [
        card.word,
        f"{escaped(finding.id)}: {escaped(finding.name)} {escaped(finding.type)}",
        escaped(some(card.vantages)),
        escaped(finding.expected, 150),
        escaped(finding.observed, 150),
        escaped(finding.rule),
    ]
    return _cells(cells)


def _unchecked(item: Unchecked) -> str:
    return _cells(["not checked", escaped(item.id), escaped(some(item.vantages)), "", escaped(item.reason), ""])


def _unprobed(item: Unchecked) -> str:
    return _cells(["unprobed", escaped(item.id), "", "", escaped(item.reason), ""])


def _cells(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _detail(card: Card) -> str:
    finding = card.finding
    others = [one for one in finding.affects if one != finding.id]
    lines = [
        f"<details><summary>{card.word}: {in_html(finding.id)} {in_html(finding.rule)}</summary>",
        "",
        f"{escaped(finding.why, 600)}; {escaped(finding.fix, 600)}",
        *([f"\nallowed to be old until {card.until}"] if card.until else []),
        *([f"\nseen from {escaped(some(card.seen_from, 10), 600)}"] if card.seen_from else []),
        *([f"\naffects {escaped(some(others, 10), 600)}"] if others else []),
        *([f"\n{escaped(finding.place)}"] if finding.place else []),
        *(["", code(card.commands[0])] if card.commands else []),
        "",
        "</details>",
        "",
    ]
    return "\n".join(lines) + "\n"
