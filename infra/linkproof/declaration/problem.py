"""A place in a declaration, and what is wrong there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linkproof.contract.rules import Severity


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something is written; line and column count from 1, as editors do."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a declaration.

    Args:
        rule: the stable id, for example `dns.cname-at-apex`.
        place: where it is written.
        path: the key in the declaration, for example `links.newsletter.click_host`; empty for the whole file.
        message: what is wrong, one clause.
        fix: what to do about it, one clause.
        severity: a warning does not stop a deployment.
    """

    rule: str
    place: Place
    path: str
    message: str
    fix: str
    severity: Severity = "error"

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def __str__(self) -> str:
        where = f"{self.place}: {self.path}: " if self.path else f"{self.place}: "
        what = self.message if self.is_error else f"warning: {self.message}"
        return f"{where}{what}; fix: {self.fix} [{self.rule}]"

    def to_json(self) -> dict[str, Any]:
        """Plain values, in the order a reader wants them."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "path": self.path,
            "message": self.message,
            "fix": self.fix,
        }
