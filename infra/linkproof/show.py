"""How a message quotes what a file says: short, on one line, without control characters and without secrets."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import Any, Final

from linkproof.names import HostName
from linkproof.secret_shapes import looks_like_secret

_MOST_CHARACTERS: Final = 60
_MOST_CANDIDATES: Final = 20
_MOST_ALIKE: Final = 400
_FEWEST_CHARACTERS: Final = 2


def show(text: str) -> str:
    """The text in quotes, cut after 60 characters; a secret is not shown at all."""
    if looks_like_secret(text):
        return "(a value that looks like a secret)"
    short = text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
    return "'" + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short) + "'"


def show_value(value: Any) -> str:
    """Any value that the reader yields, by its kind where it has no short text."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else show(str(value))


def show_host(host: HostName) -> str:
    """The name on the wire, and as people write it where that differs: `xn--bcher-kva.org (bücher.org)`."""
    written = host.unicode()
    return host.text if written == host.text else f"{host.text} ({written})"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known word as a fix, or the list of all of them."""
    words = sorted(known)
    near = near_word(word, words)
    if near is not None:
        return f"did you mean {show(near)}?"
    return f"use one of: {', '.join(words[:20])}" if words else "there is none to choose from"


def near_word(word: str, known: Iterable[str]) -> str | None:
    """The known word that this one is a slip of, or its first part; None where it is another word altogether.

    A guess that is wrong sends people the wrong way, so a slip is at most one typing error in four characters.
    """
    words = sorted(known)
    short = word[:_MOST_CHARACTERS].casefold()
    if len(short) < _FEWEST_CHARACTERS:
        return None
    wholes = [known_word for known_word in words if known_word.casefold().startswith((f"{short}_", f"{short}."))]
    if len(wholes) == 1:
        return wholes[0]
    best: tuple[int, str] | None = None
    for candidate in _candidates(short, words):
        slips = _slips(short, candidate.casefold())
        if slips <= max(1, max(len(short), len(candidate)) // 4) and (best is None or slips < best[0]):
            best = slips, candidate
    return best[1] if best else None


def _slips(one: str, other: str) -> int:
    """Typing errors between two words: a character more, less or other, or two neighbours swapped."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, start=1):
            fewest = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                fewest = min(fewest, last[j - 2] + 1)
            row.append(fewest)
    return row[-1]


def _candidates(word: str, words: list[str]) -> list[str]:
    """The few words worth comparing: the comparison is quadratic in the length, and a file may have thousands of mistakes."""
    if len(words) <= _MOST_CANDIDATES or not word:
        return words[:_MOST_CANDIDATES]
    first, last = word[0], word[-1]
    alike: list[str] = []
    others: list[str] = []
    for one in words:
        ends = (one[0].casefold() == first) + (one[-1].casefold() == last)
        if abs(len(one) - len(word)) <= 2 and ends:
            (alike if ends == 2 else others).append(one)
    letters = set(word)
    nearest = heapq.nsmallest(_MOST_CANDIDATES, alike[:_MOST_ALIKE], key=lambda one: len(letters ^ set(one.casefold())))
    return [*nearest, *others[:_MOST_CANDIDATES]]
