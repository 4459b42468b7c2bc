"""RDATA as DNS shows it, and as DNS hosts' APIs take and give it."""

from __future__ import annotations


def presented(record_type: str, text: str) -> str:
    """In presentation form: a text in quotation marks, a name with its trailing dot (RFC 1035 §5.1).

    Args:
        text: in either form.
    """
    if record_type == "TXT":
        return text if text.startswith('"') else f'"{text}"'
    return text if text.endswith(".") else f"{text}."


def unquoted(text: str) -> str:
    """One text without its quotation marks."""
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == '"' else text


def plain(name: str) -> str:
    """A name in one form for comparing: lower case, without its trailing dot."""
    return name.removesuffix(".").lower()
