"""RDATA as DNS shows it, and as DNS hosts' APIs take and give it."""

from __future__ import annotations

_LONGEST_STRING = 255


def presented(record_type: str, text: str) -> str:
    """In presentation form: a text in quotation marks, in strings of 255 octets at most, a name with its trailing dot (RFC 1035 §3.3, §5.1).

    Args:
        text: in either form.
    """
    if record_type == "TXT":
        if text.startswith('"'):
            return text
        if '" "' in text:
            return f'"{text}"'  # as a vendor gives one in several strings: without the first mark and the last
        parts = [text[start : start + _LONGEST_STRING] for start in range(0, len(text), _LONGEST_STRING)] or [""]
        return " ".join(f'"{part}"' for part in parts)
    return text if text.endswith(".") else f"{text}."


def unquoted(text: str) -> str:
    """One text without its quotation marks."""
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == '"' else text


def plain(name: str) -> str:
    """A name in one form for comparing: lower case, without its trailing dot."""
    return name.removesuffix(".").lower()
