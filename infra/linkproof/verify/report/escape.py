"""Text from the network, made harmless for a terminal and for what reads our files."""

from __future__ import annotations

import unicodedata

# Long enough for any name and value; a server may answer with 64 KiB.
MAX_SHOWN = 300


def printable(text: str, limit: int = MAX_SHOWN) -> str:
    r"""Control, format (bidi overrides among them), private and unassigned characters become `\x1b`-like escapes; long text is cut."""
    if len(text) <= limit and text.isprintable():  # almost always, and fifty times faster
        return text
    shown = "".join(
        _escape(character) if unicodedata.category(character)[0] == "C" or character in "\u2028\u2029" else character
        for character in text[: limit + 1]
    )
    return f"{shown[:limit]}…" if len(shown) > limit else shown


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def without_links(text: str) -> str:
    """Text for a SARIF message, in which brackets would make a link and braces a placeholder (§3.11.5, §3.11.6)."""
    for character in "\\[]":
        text = text.replace(character, f"\\{character}")
    return text.replace("{", "{{").replace("}", "}}")
