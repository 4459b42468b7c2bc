"""The report for people: what was expected, what was seen, from where, and what to do."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from linkproof.verify.report.escape import printable
from linkproof.verify.report.matrix import cards, once_each
from linkproof.verify.report.vantages import WORDS, is_from_several, reported, rows, vantages_of
from linkproof.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rich.console import Console

    from linkproof.expectations.model import Expectations
    from linkproof.verify.report.matrix import Card
    from linkproof.verify.result import CouldNotCheck, VerificationResult

_STYLES = {"proven": "green", "differs": "red", "not-proven": "yellow", "lagging": "cyan"}
MEANINGS = {
    "proven": "every expectation was checked and holds",
    "differs": "something outside is not as declared",
    "not-proven": "nothing was found wrong, but something required could not be checked",
    "lagging": "only answers that are allowed to be old for a while",
}
_ASKED_FOR = {
    "wrong": "that were not right",
    "expiring": "with a certificate near its end",
    "changed": "that changed or are new",
    "sample": "of the rest in turn",
}
# Rows of a terminal; the other reports have more.
_MOST_ROWS = 40


def render(result: VerificationResult, console: Console, expectations: Expectations | None = None) -> None:
    """Print a result. Everything that came from the network is escaped, and no text is read as markup.

    Args:
        result: of `verify`.
        console: of rich; its width and colours decide.
        expectations: for the names of what several places saw; without them the ids alone are shown.
    """
    several = is_from_several(result)
    for card in cards(result):
        _card(console, card)
    _unchecked(console, "not checked", "yellow", result.could_not_check)
    _unchecked(console, "unprobed", "dim", result.unprobed)
    if several:
        _by_vantage(console, result, expectations)
    _line(console, (result.verdict, f"bold {_STYLES[result.verdict]}"), (f": {meaning(result)}", ""))
    parts = [counts(result)]
    if "dns_queries" in result.timing:
        parts.append(counted(round(result.timing["dns_queries"]), "DNS query", "DNS queries"))
    if strays := round(result.timing.get("stray_packets", 0)):
        parts.append(f"{counted(strays, 'stray packet')} passed over")
    parts += [f"{result.timing['total_seconds']:.1f} s"] if "total_seconds" in result.timing else []
    _line(console, (" · ".join(parts), "dim"))
    if result.not_asked is not None and result.not_asked.count:
        _line(console, (_asked_for(result), ""))
    if result.by_hand is not None:
        done, records = result.by_hand
        _line(console, (f"by hand: {done:,} of {counted(records, 'record')} published as declared", ""))
    _optional(console, result.optional)


def _asked_for(result: VerificationResult) -> str:
    """Why this was asked and not the rest, and what the rest is."""
    assert result.not_asked is not None
    numbers: dict[str, int] = {}
    for part in result.parts:
        for why, number in part.asked_for.items():
            numbers[why] = numbers.get(why, 0) + number
    told = [f"{numbers[why]:,} {words}" for why, words in _ASKED_FOR.items() if numbers.get(why)]
    rest = f"not asked: {some(result.not_asked.ids)}"
    if (more := result.not_asked.count - 3) > 0 and len(result.not_asked.ids) >= 3:
        rest = f"not asked: {', '.join(result.not_asked.ids[:3])} and {more:,} more"
    return f"asked: {', '.join(told) or 'nothing'} · {rest}"


def meaning(result: VerificationResult) -> str:
    """The verdict in words; with until when, and with what made warnings count."""
    words = _words(result)
    if result.not_asked is not None and result.not_asked.count:
        left = f"{result.not_asked.count:,} of {result.not_asked.of:,} not asked"
        return f"for what was asked, {left}" if result.verdict == "proven" else f"{words}; {left}"
    return words


def _words(result: VerificationResult) -> str:
    words = MEANINGS[result.verdict]
    if result.verdict == "lagging" and result.lagging:
        return f"{words}; the last must be gone by {max(item.until for item in result.lagging):%Y-%m-%d %H:%M:%S} UTC"
    if result.verdict == "not-proven" and not result.could_not_check and result.unprobed and result.coverage.checked:
        return f"{words}: with --strict what cannot be probed counts"
    by_warnings = not any(finding.severity == "error" for finding in result.findings)
    if result.verdict == "differs" and by_warnings and not any(cell.state == "differs" for cell in result.cells):
        return f"{words}: with --strict warnings count"
    return words


def counts(result: VerificationResult) -> str:
    """How many cells were checked, and how much of what was found; nothing is said of what there is none of."""
    coverage = result.coverage
    errors = sum(finding.severity == "error" for finding in result.findings)
    warnings = len(result.findings) - errors
    parts = [f"{coverage.checked:,} of {counted(coverage.cells, 'cell')} checked"]
    parts += [counted(errors, "error")] if errors else []
    parts += [counted(warnings, "warning")] if warnings else []
    parts += [f"{len(result.lagging)} lagging"] if result.lagging else []
    parts += [f"{len(result.could_not_check)} not checked"] if result.could_not_check else []
    parts += [f"{len(result.unprobed)} cannot be probed in this phase"] if result.unprobed else []
    return " · ".join(parts)


def plain(result: VerificationResult, expectations: Expectations, at: datetime) -> str:
    """The same without colours, for a file."""
    import io

    from rich.console import Console

    console = Console(file=io.StringIO(), width=200, color_system=None, force_terminal=False)
    _line(console, (f"linkproof verify {expectations.stack}, {at:%Y-%m-%d %H:%M:%S} UTC", ""))
    render(result, console, expectations)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _card(console: Console, card: Card) -> None:
    finding, style = card.finding, _STYLES.get(card.word, "yellow")
    head = f"  {finding.id}  {finding.name.rstrip('.') or '.'} {finding.type}  {some(card.vantages)}"
    _line(console, (card.word, f"bold {style}"), (head, "bold"), (f"  [{finding.rule}]", "dim"))
    indent = " " * (len(card.word) + 2)
    _line(console, (f"{indent}declared {printable(finding.expected)}, answered {printable(finding.observed)}", ""))
    _line(console, (f"{indent}{finding.why}; {finding.fix}", ""))
    if card.until:
        _line(console, (f"{indent}allowed to be old until {card.until}", style))
    if card.seen_from:
        _line(console, (f"{indent}seen from {some(card.seen_from, 10)}", ""))
    others = [name for name in finding.affects if name != finding.id]
    if others:
        _line(console, (f"{indent}affects {some(others, 5)}", ""))
    for command in card.commands[:1]:
        _line(console, (f"{indent}$ {command}", "dim"))
    if finding.place:
        _line(console, (f"{indent}{finding.place}", "dim"))


def _unchecked(console: Console, word: str, style: str, items: tuple[CouldNotCheck, ...]) -> None:
    for item in sorted(once_each(items), key=lambda item: (item.id, item.reason)):
        where = f"  {some(item.vantages)}" if item.vantages else ""
        where += f"  from {some(item.seen_from, 10)}" if item.seen_from else ""
        _line(console, (word, style), (f"  {item.id}{where}", ""))
        _line(console, (f"{' ' * (len(word) + 2)}{item.reason}", ""))


def _by_vantage(console: Console, result: VerificationResult, expectations: Expectations | None) -> None:
    """A row for each expectation that is not right from everywhere, with a cell for each place."""
    from linkproof.expectations.model import Expectations

    names = vantages_of(result)
    found = [row for row in rows(result, expectations or Expectations(version=1)) if not row.is_right]
    if found and len(names) > 1:
        shown = found[:_MOST_ROWS]
        subjects = [printable(row.subject, 100) for row in shown]
        first = max(map(len, subjects))
        widths = [max(len(name), len("could not check")) for name in names]
        head = "  ".join(name.ljust(width) for name, width in zip(names, widths, strict=True))
        _line(console, (f"  {'by vantage'.ljust(first)}  {head}".rstrip(), "bold"))
        for subject, row in zip(subjects, shown, strict=True):
            cells = "  ".join(WORDS[cell].ljust(width) for cell, width in zip(row.cells, widths, strict=True))
            _line(console, (f"  {subject.ljust(first)}  {cells}".rstrip(), ""))
        if len(found) > len(shown):
            _line(console, (f"  and {counted(len(found) - len(shown), 'more row')}: the HTML report has them", "dim"))
    _line(console, (f"from {counted(len(names), 'vantage')}: {', '.join(reported(result))}", ""))


def _optional(console: Console, items: tuple[CouldNotCheck, ...]) -> None:
    """After the verdict, one line a reason: what decides nothing must not hide what does. What holds for all links names none."""
    from linkproof.verify.judge.endpoint import UNSEEN_ID

    if items:
        _line(console, ("Cannot be seen from outside, or was not declared; it decides nothing:", "dim"))
    for reason, group in groupby(sorted(items, key=lambda item: item.reason), key=lambda item: item.reason):
        names = sorted({item.id for item in group} - {UNSEEN_ID})
        _line(console, (f"  {reason}: {some(names)}" if names else f"  {reason}", "dim"))


def some(items: Sequence[str], most: int = 3) -> str:
    """The first of them, and how many more there are."""
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")


def _line(console: Console, *parts: tuple[str, str]) -> None:
    from rich.text import Text

    # Text, not markup: a value such as `[link=…]` stays what it is
    console.print(
        Text.assemble(*((printable(text, 2000), style) for text, style in parts)),
        soft_wrap=True,
        highlight=False,
        emoji=False,
    )
