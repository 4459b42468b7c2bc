"""What a cell is about, and how a broken rule becomes a finding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linkproof.verify.result import Cell, Finding
from linkproof.verify.rules.registry import RULES

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.result import Severity

# Longer than any honest value. A packet of 64 KiB may unfold to megabytes of names, at each of many servers and in each report.
MAX_TEXT = 4000


def bounded(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that an observation breaks, before it is known whether the answer may still be old.

    Args:
        severity: None for the rule's own.
        fix: empty for the rule's own.
        asked_name: the name that was asked for, where it is not the subject's; `asked_type` likewise.
    """

    rule: str
    expected: str
    observed: str
    why: str = ""
    severity: Severity | None = None
    fix: str = ""
    asked_name: str = ""
    asked_type: str = ""


_WAIT = "wait: it ends by itself by that time; only after it is something wrong"


@dataclass(frozen=True, slots=True)
class FindingSubject:
    """One expectation: what findings about it say of it."""

    id: str
    path: str
    name: str
    type: str
    affects: tuple[str, ...] = ()

    def finding(self, problem: Violation, vantage: Vantage) -> Finding:
        rule = RULES[problem.rule]
        return Finding(
            rule=rule.id,
            severity=problem.severity or rule.severity,
            id=self.id,
            name=self.name,
            type=self.type,
            expected=bounded(problem.expected),
            observed=bounded(problem.observed),
            vantage=vantage,
            why=bounded(problem.why) or rule.meaning,
            fix=problem.fix or rule.fix,
            affects=self.affects,
            path=self.path,
            asked_name=problem.asked_name,
            asked_type=problem.asked_type,
        )

    def cell(self, problem: Violation, vantage: Vantage, *, until: datetime | None = None) -> Cell:
        """A cell that differs; with `until`, one that is allowed to be old till then. A warning leaves it right."""
        if until is not None:
            waiting = replace(problem, fix=problem.fix or _WAIT)
            return Cell(self.id, vantage, "lagging", self.finding(waiting, vantage), until=until)
        finding = self.finding(problem, vantage)
        if finding.severity == "warning":
            return Cell(self.id, vantage, "right", warnings=(finding,))
        return Cell(self.id, vantage, "differs", finding)

    def right(self, vantage: Vantage, warnings: tuple[Violation, ...] = ()) -> Cell:
        return Cell(self.id, vantage, "right", warnings=tuple(self.finding(problem, vantage) for problem in warnings))

    def could_not_check(self, vantage: Vantage, reason: str, *, can_change: bool = True) -> Cell:
        return Cell(self.id, vantage, "could-not-check", reason=bounded(reason), can_change=can_change)

    def optional(self, vantage: Vantage, reason: str) -> Cell:
        return Cell(self.id, vantage, "optional", reason=bounded(reason))
