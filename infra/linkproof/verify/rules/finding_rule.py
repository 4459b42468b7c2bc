"""One verdict the verifier can give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class FindingRule:
    """What a verdict means, how it is seen, what to do, where it comes from.

    Args:
        severity: `error` only where people or mail are hurt now, or a renewal will fail; a judge may give one finding the other
            severity and says so in its reason.
        meaning: what is wrong, for people.
        detection: what was asked and what in the answer decides.
        fix: what to do about it.
        source: where the rule comes from.
    """

    id: str
    severity: Literal["error", "warning"]
    meaning: str
    detection: str
    fix: str
    source: str
