"""Names as Route 53 writes and orders them."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[a-z0-9_.-]")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def plain_name(text: str) -> str:
    r"""Lower case, no trailing dot, octal escapes (`\052`) resolved."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), text).lower().rstrip(".")


def shown_name(name: str) -> str:
    """With the trailing dot, and everything but letters, digits, `-`, `_` and `.` as an octal escape."""
    return "".join(c if _PLAIN.match(c) else f"\\{ord(c):03o}" for c in name) + "."


def order_key(name: str) -> tuple[str, ...]:
    """Route 53 lists names by their labels from the right."""
    return tuple(reversed(name.split(".")))


def name_problem(name: str) -> str | None:
    """Why the text is not a DNS name, in the vendor's words, or None."""
    if len(name) > 253:
        return f"FATAL problem: DomainNameTooLong (Domain name is too long) encountered with '{name}'"
    for label in name.split("."):
        if not label:
            return f"FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with '{name}'"
        if len(label) > 63:
            return f"FATAL problem: DomainLabelTooLong (Domain label is too long) encountered with '{label}'"
    return None
