"""Versions of a program, as people write them and as a distribution packages them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkproof.contract.server import ServerFacts, Version

PATTERN = r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}"


def version_of(written: str, facts: ServerFacts) -> Version | None:
    """The version that `version:` says, by number or by whose package it is; None where there is no such package.

    >>> parsed("1.22.1")
    (1, 22, 1)
    """
    number = facts.PACKAGED.get(written, written)
    return parsed(number) if re.fullmatch(PATTERN, number) else None


def parsed(number: str) -> Version:
    """As numbers, which compare as versions do."""
    return tuple(int(part) for part in number.split("."))


def shown(version: Version) -> str:
    return ".".join(map(str, version))


def refusal(version: Version, facts: ServerFacts) -> str:
    """Why a version cannot be used; empty where it can."""
    if version < facts.OLDEST:
        return f"the oldest that was tried is {shown(facts.OLDEST)}"
    for one in facts.REFUSED:
        if one.first <= version <= one.last:
            return one.because
    return ""
