"""Words that depend on a number."""

from __future__ import annotations


def counted(number: int, noun: str, nouns: str = "") -> str:
    """`1 record`, `2 records`, `1,000 records`; `nouns` where the plural is not the noun with an s."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"
