"""SendGrid's two CNAMEs, told apart among what exists."""

from __future__ import annotations


def is_owner_host(name: str) -> bool:
    """The owner host is `<user id>.<domain>`, and the id is a number."""
    return name.partition(".")[0].isdecimal()
