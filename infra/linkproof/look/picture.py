"""The way of a click as SVG, from top to bottom, for the HTML page. Everything that came from outside is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from linkproof.verify.report.escape import printable

if TYPE_CHECKING:
    from linkproof.look.card import Card, Step

_WIDTH: Final = 360
_STEP: Final = 62
_TOP: Final = 18
_MOST_CHARACTERS: Final = 46
_WORDS: Final = {"right": "right", "broken": "broken here", "warning": "a warning here", "unknown": "not known"}
_SIGNS: Final = {"right": "✓", "broken": "✗", "warning": "!", "unknown": "?"}


def picture(card: Card) -> str:
    """One figure; its title says in words what it shows."""
    height = _TOP + _STEP * (len(card.steps) - 1) + 26
    words = "; ".join(f"{step.label}: {_WORDS[step.mark]}" for step in card.steps)
    head = (
        f'<figure class="way {_class(card.verdict)}"><figcaption><strong>{_text(card.host, 300)}</strong> '
        f'<span class="word">{_text(card.verdict)}</span><br>{_text(card.what, 300)}</figcaption>'
    )
    parts = [
        head,
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{_text(words, 2000)}">',
    ]
    for number, step in enumerate(card.steps):
        parts.append(_step(step, number))
    parts.append("</svg>")
    if card.questions:
        items = "".join(
            f"<dt>{_text(question)}</dt><dd>{_text(answer, 500)}</dd>" for question, answer in card.questions
        )
        parts.append(f"<dl>{items}</dl>")
    if card.cannot_tell:
        parts.append(f'<p class="faint">Cannot be told from outside: {_text("; ".join(card.cannot_tell), 500)}.</p>')
    parts.append("</figure>")
    return "\n".join(parts)


def _step(step: Step, number: int) -> str:
    middle = _TOP + number * _STEP
    shapes = []
    if number:
        above = middle - _STEP
        shapes.append(f'<line class="road {step.mark}" x1="16" y1="{above + 11}" x2="16" y2="{middle - 11}"/>')
        shapes.append(f'<text class="by" x="36" y="{middle - _STEP / 2 + 8:g}">{_short(step.by)}</text>')
    shapes.append(f'<circle class="dot {step.mark}" cx="16" cy="{middle}" r="10"/>')
    shapes.append(f'<text class="sign" x="16" y="{middle + 4}" text-anchor="middle">{_SIGNS[step.mark]}</text>')
    shapes.append(f'<text class="label" x="36" y="{middle + 4}">{_short(step.label)}</text>')
    below = ", ".join(step.rules[:2]) + (" …" if len(step.rules) > 2 else "") if step.rules else step.note
    if below:
        kind = "rules" if step.rules else "by"
        shapes.append(f'<text class="{kind}" x="36" y="{middle + 19}">{_short(below)}</text>')
    return "".join(shapes)


def _short(text: str) -> str:
    return _text(text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…")


def _text(text: str, most: int = 200) -> str:
    return escape(printable(text, most))


def _class(verdict: str) -> str:
    return verdict.replace(" ", "-")
