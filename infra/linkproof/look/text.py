"""Cards for a terminal: the way of a click from top to bottom, in 80 columns."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING, Final

from linkproof.verify.report.escape import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from linkproof.look.card import Card, Step
    from linkproof.look.mail import Mail

_MARKS: Final = {"right": "✓", "broken": "✗", "warning": "!", "unknown": "?"}
_PLAIN_MARKS: Final = {"right": "ok", "broken": "X", "warning": "!", "unknown": "?"}
_COLOURS: Final = {"right": "green", "broken": "red", "warning": "yellow", "unknown": "yellow"}
_VERDICTS: Final = {"healthy": "green", "broken": "red", "cannot tell": "yellow", "not judged": "dim"}
# Beside each fault; the whole of them is in the reports.
_MOST_FINDINGS: Final = 8
_MOST_ROWS: Final = 500


def render(found: Sequence[Card], console: Console, *, mails: Sequence[Mail] = ()) -> None:
    """Print the mails' hosts, a table where there are several hosts, then the cards: all of one, the troubled ones of many."""
    for mail in mails:
        _mail(mail, found, console)
    if len(found) > 1:
        _table(found, console)
    shown = found if len(found) <= 5 else [card for card in found if card.verdict in ("broken", "cannot tell")]
    for card in shown:
        _card(card, console)
    if len(shown) < len(found):
        _line(
            console,
            (
                "",
                f"{len(found) - len(shown)} hosts without a fault have no card here; `--json` and the reports have all",
                "dim",
            ),
        )
    _summary(found, console)


def _summary(found: Sequence[Card], console: Console) -> None:
    counted = [(word, sum(card.verdict == word for card in found)) for word in _VERDICTS]
    parts = [f"{number} {word}" for word, number in counted if number]
    _line(console, ("", " · ".join(parts), "bold"))


_WHOLE = "write it whole (Python: policy.SMTP.clone(max_line_length=998))"


def _mail(mail: Mail, found: Sequence[Card], console: Console) -> None:
    from linkproof.known import known_name

    by_host = {card.host: card for card in found}
    _line(console, ("", f"{mail.file}: links of {len(mail.hosts)} hosts; none was followed", "bold"))
    for host, counted in mail.hosts.items():
        card, known = by_host.get(host), known_name(host)
        kind = "not looked at"
        if known is not None and known.kind == "sender":
            kind = f"{known.title}'s own name, not branded"
        elif card is not None and card.seen is not None:
            kind = f"branded, {card.seen.sender_title}" if card.seen.sender else "no click host"
        numbers = [f"{counted.https} https", *([f"{counted.http} http"] if counted.http else [])]
        numbers += [f"{counted.images} images"] if counted.images else []
        style = "yellow" if counted.http and card is not None and card.seen is not None and card.seen.sender else ""
        _line(console, ("  ", f"{host}: {kind}; {', '.join(numbers)}", style))
    if mail.unread:
        _line(console, ("  ", f"{mail.unread} links have no host that can be read", "dim"))
    for header in mail.encoded_headers:
        _line(
            console,
            ("  ", f"{header} is written as encoded words (=?…?=), in which programs find nothing: {_WHOLE}", "yellow"),
        )
    _line(console)


def _table(found: Sequence[Card], console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in ("host", "verdict", "sender", "edge", "phase", "wrong"):
        table.add_column(name, overflow="fold", header_style="dim")
    for card in found[:_MOST_ROWS]:
        seen = card.seen
        assert seen is not None
        rules = list(dict.fromkeys(finding.rule for finding in card.findings))
        wrong = ", ".join(rules[:2]) + (f" and {len(rules) - 2} more" if len(rules) > 2 else "")
        cells = (seen.sender_title or "–", seen.edge or "–", seen.phase or "–", wrong or "–")
        table.add_row(
            Text(printable(card.host, 300)),
            Text(card.verdict, style=_VERDICTS[card.verdict]),
            *(Text(printable(cell, 200)) for cell in cells),
        )
    console.print(table, emoji=False, markup=False, highlight=False)
    if len(found) > _MOST_ROWS:
        _line(console, ("", f"and {len(found) - _MOST_ROWS} more hosts", "dim"))
    _line(console)


def _card(card: Card, console: Console) -> None:
    from rich.text import Text

    _line(console, ("", card.verdict, f"bold {_VERDICTS[card.verdict]}"), ("  ", card.host, "bold"))
    _wrapped(console, card.what, 2)
    _line(console)
    for step in card.steps:
        _step(step, console)
    _line(console)
    for finding in card.findings[:_MOST_FINDINGS]:
        colour = "red" if finding.severity == "error" else "yellow"
        _line(console, ("  ", finding.rule, f"bold {colour}"), ("  ", finding.name.rstrip(".") or ".", ""))
        _wrapped(console, f"saw {finding.observed}", 4)
        _wrapped(console, finding.why, 4)
        _wrapped(console, f"fix: {finding.fix}", 4)
        if finding.reproduce:
            console.print(Text(f"    $ {printable(finding.reproduce, 2000)}", style="dim"), soft_wrap=True)
    if len(card.findings) > _MOST_FINDINGS:
        _line(console, ("  ", f"and {len(card.findings) - _MOST_FINDINGS} more, in `--json` and the reports", "dim"))
    for reason in card.unchecked[:_MOST_FINDINGS]:
        _wrapped(console, f"not checked: {reason}", 2, "yellow")
    if card.questions:
        _line(console, ("  ", "For whoever sends through Braze:", "bold"))
        for question, answer in card.questions:
            _wrapped(console, f"{question}  {answer}", 4)
    if card.cannot_tell:
        _wrapped(console, f"cannot be told from outside: {'; '.join(card.cannot_tell)}", 2, "dim")
    _line(console)


def _step(step: Step, console: Console) -> None:
    fancy = _fancy()
    down, mark = ("│", _MARKS[step.mark]) if fancy else ("|", _PLAIN_MARKS[step.mark])
    if step.by:
        _line(console, ("    ", f"{down} {step.by}", "dim"))
    beside = f"  {step.note}" if step.note else ""
    if step.rules:
        beside += f"  {'←' if fancy else '<-'} {', '.join(step.rules[:3])}{' …' if len(step.rules) > 3 else ''}"
    _line(console, ("  ", mark, f"bold {_COLOURS[step.mark]}"), (" ", step.label, "bold"), ("", beside, "dim"))


def _fancy() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "").startswith("utf")


def _wrapped(console: Console, text: str, indent: int, style: str = "") -> None:
    """Words are broken at the terminal's width, behind an indent that every line has."""
    before = " " * indent
    width = max(40, console.width) - 1
    for line in textwrap.wrap(printable(text, 2000), width, initial_indent=before, subsequent_indent=before):
        _line(console, ("", line, style))


def _line(console: Console, *parts: tuple[str, str, str]) -> None:
    from rich.text import Text

    whole = Text()
    for before, text, style in parts:
        whole.append(before)
        whole.append(printable(text, 2000), style=style)
    console.print(whole, soft_wrap=True, highlight=False, emoji=False)
