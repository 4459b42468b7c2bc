"""How a message quotes what a file says: short, on one line, without control characters and without secrets."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterable
from typing import Any, Final

from infra.declaration.secret import looks_like_secret
from infra.names import HostName

_MOST_CHARACTERS: Final = 60
_MOST_CANDIDATES: Final = 20


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
    short = word[:_MOST_CHARACTERS]
    near = difflib.get_close_matches(short, _candidates(short, words), n=1, cutoff=0.6)
    if near:
        return f"did you mean {show(near[0])}?"
    return f"use one of: {', '.join(words[:20])}" if words else "there is none to choose from"


def _candidates(word: str, words: list[str]) -> list[str]:
    """The few words worth comparing: difflib is quadratic in the length, and a file may have thousands of mistakes."""
    if len(words) <= _MOST_CANDIDATES or not word:
        return words[:_MOST_CANDIDATES]
    alike = (w for w in words if abs(len(w) - len(word)) <= 2 and (w[0] == word[0] or w[-1] == word[-1]))
    return list(itertools.islice(alike, _MOST_CANDIDATES))
