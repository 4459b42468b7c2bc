"""What a verification found, and what that means for the exit code."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from linkproof.errors import LinkproofError
    from linkproof.verify.observations import Vantage

Severity = Literal["error", "warning"]
Verdict = Literal["proven", "differs", "not-proven", "lagging"]
State = Literal["right", "differs", "lagging", "could-not-check", "optional"]

# differs (1) before not proven (3) before lagging (4) before proven (0); bad input (2) never gets this far
EXIT_CODES: dict[Verdict, int] = {"differs": 1, "not-proven": 3, "lagging": 4, "proven": 0}


@dataclass(frozen=True, slots=True)
class Finding:
    """An expectation that an observation breaks.

    Args:
        rule: an id of `linkproof.verify.rules.RULES`.
        id: the expectation, or the zone for a fault of a server or zone.
        affects: ids of what depends on it; the expectation itself where it is about one only.
        path: the key in the declaration; `place` is that key as file:line:column where known.
        asked_name: the name that was asked for, where it is not `name`; `asked_type` likewise.
        reproduce: one shell command that shows the same; empty where there is nobody to ask.
    """

    rule: str
    severity: Severity
    id: str
    name: str
    type: str
    expected: str
    observed: str
    vantage: Vantage
    why: str
    fix: str
    affects: tuple[str, ...] = ()
    path: str = ""
    place: str = ""
    asked_name: str = ""
    asked_type: str = ""
    reproduce: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "severity": self.severity,
            "id": self.id,
            "affects": list(self.affects or (self.id,)),
            "name": self.name,
            "type": self.type,
            "expected": self.expected,
            "observed": self.observed,
            "vantage": vantage_to_json(self.vantage),
            "why": self.why,
            "fix": self.fix,
            "place": self.place,
            "reproduce": self.reproduce,
        }


@dataclass(frozen=True, slots=True)
class Cell:
    """One expectation seen from one vantage.

    Args:
        state: `right` may carry warnings; `optional` never decides.
        finding: why it differs or lags; None where a finding about the server or zone already says so.
        warnings: findings that leave the cell right.
        reason: why it could not be checked, or was not.
        until: when a lagging answer must be gone.
        can_change: whether asking again could give another answer.
        evidence: what was answered, for people; bounded, and not yet escaped.
        seconds: how long the answer took.
        not_after: when the first certificate on the path expires.
    """

    id: str
    vantage: Vantage
    state: State
    finding: Finding | None = None
    warnings: tuple[Finding, ...] = ()
    reason: str = ""
    until: datetime | None = None
    can_change: bool = True
    evidence: str = ""
    seconds: float | None = None
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lagging:
    """An answer that is allowed to be old until a moment."""

    finding: Finding
    until: datetime

    def to_json(self) -> dict[str, Any]:
        return {**self.finding.to_json(), "until": self.until.isoformat().replace("+00:00", "Z")}


@dataclass(frozen=True, slots=True)
class CouldNotCheck:
    """Something required that nobody could tell; `vantage` is None for what is not known before deployment."""

    id: str
    vantage: Vantage | None
    reason: str

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "vantage": vantage_to_json(self.vantage) if self.vantage else None,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many cells there were; what was only optional is not among them."""

    cells: int
    checked: int
    could_not_check: int

    def to_json(self) -> dict[str, int]:
        return {"cells": self.cells, "checked": self.checked, "could_not_check": self.could_not_check}


@dataclass(frozen=True, slots=True)
class Result:
    """The end of one verification.

    Args:
        unprobed: what cannot be asked about in its phase, whatever is done; it decides only with `strict`.
        by_hand: of the records that people publish, how many are there as declared, and how many there are.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    lagging: tuple[Lagging, ...]
    could_not_check: tuple[CouldNotCheck, ...]
    coverage: Coverage
    timing: dict[str, float]
    optional: tuple[CouldNotCheck, ...] = ()
    unprobed: tuple[CouldNotCheck, ...] = ()
    by_hand: tuple[int, int] | None = None
    cells: tuple[Cell, ...] = field(default=(), repr=False)
    # why the evidence could not be kept to its end, for whoever prints the verdict first
    unwritten: LinkproofError | None = field(default=None, repr=False, compare=False)

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.verdict]

    def to_json(self) -> dict[str, Any]:
        """The published form."""
        return {
            "version": 1,
            "verdict": self.verdict,
            "findings": [finding.to_json() for finding in self.findings],
            "lagging": [item.to_json() for item in self.lagging],
            "could_not_check": [item.to_json() for item in self.could_not_check],
            **({"unprobed": [{"id": one.id, "reason": one.reason} for one in self.unprobed]} if self.unprobed else {}),
            "coverage": self.coverage.to_json(),
            "timing": self.timing,
            "limits": self._limits(),
        }

    def _limits(self) -> list[dict[str, Any]]:
        """What decides nothing and was not seen, a reason at a time: who reads *proven* reads how far it goes."""
        ids: dict[str, dict[str, None]] = {}
        for item in self.optional:
            ids.setdefault(item.reason, {})[item.id] = None
        return [{"reason": reason, "ids": sorted(ids[reason])} for reason in sorted(ids)]


def vantage_to_json(vantage: Vantage) -> dict[str, str]:
    return {"kind": vantage.kind, "server": vantage.server, "address": vantage.address, "transport": vantage.transport}


def conclude(
    cells: Iterable[Cell],
    unknown: Iterable[CouldNotCheck],
    *,
    unprobed: Iterable[CouldNotCheck] = (),
    by_hand: tuple[int, int] | None = None,
    strict: bool,
    places: Mapping[str, str],
    timing: dict[str, float],
    paths: Mapping[str, str] | None = None,
    reproduce: Callable[[Finding], str] | None = None,
) -> Result:
    """Add the cells up.

    Args:
        cells: every expectation seen from every vantage.
        unknown: what is required and has no cell at all (`pending`, or nothing declared).
        unprobed: what cannot be asked about in its phase, whatever is done.
        by_hand: see `Result`.
        strict: warnings count as errors, and what is unprobed as not checked.
        places: declaration key → `file:line:column`.
        timing: seconds by stage.
        paths: expectation → key in the declaration, for a finding about something that is not declared itself.
        reproduce: gives the command that shows a finding.
    """
    paths, unprobed = paths or {}, tuple(unprobed)

    def finish(finding: Finding) -> Finding:
        placed = _placed(finding, places, paths)
        return replace(placed, reproduce=reproduce(placed)) if reproduce else placed

    cells = tuple(_finished(cell, finish) for cell in cells)
    findings: list[Finding] = []
    lagging: list[Lagging] = []
    could_not = list(unknown)
    for cell in cells:
        findings += cell.warnings
        if cell.state == "differs" and cell.finding is not None:
            findings.append(cell.finding)
        elif cell.state == "lagging" and cell.finding is not None and cell.until is not None:
            lagging.append(Lagging(cell.finding, cell.until))
        elif cell.state == "could-not-check":
            could_not.append(CouldNotCheck(cell.id, cell.vantage, cell.reason))
    counted = [cell for cell in cells if cell.state != "optional"]
    unchecked = sum(cell.state == "could-not-check" for cell in counted)
    placed = tuple(sorted(dict.fromkeys(_once_per_resolver(findings)), key=_order))
    checked = len(counted) - unchecked
    verdict: Verdict = "proven"
    if any(finding.severity == "error" or strict for finding in placed) or any(
        cell.state == "differs" for cell in counted
    ):
        verdict = "differs"
    elif could_not or not checked or (strict and unprobed):
        verdict = "not-proven"
    elif any(cell.state == "lagging" for cell in counted):
        verdict = "lagging"
    return Result(
        verdict=verdict,
        findings=placed,
        lagging=tuple(lagging),
        could_not_check=tuple(could_not),
        coverage=Coverage(len(counted), checked, unchecked),
        timing=timing,
        optional=tuple(CouldNotCheck(cell.id, cell.vantage, cell.reason) for cell in cells if cell.state == "optional"),
        unprobed=unprobed,
        by_hand=by_hand,
        cells=cells,
    )


def _finished(cell: Cell, finish: Callable[[Finding], Finding]) -> Cell:
    if cell.finding is None and not cell.warnings:
        return cell
    finding = finish(cell.finding) if cell.finding else None
    return replace(cell, finding=finding, warnings=tuple(finish(warning) for warning in cell.warnings))


def _once_per_resolver(findings: Iterable[Finding]) -> list[Finding]:
    """A resolver that never answers is one finding that lists what could not be seen through it."""
    kept: dict[tuple[str, str, str], Finding] = {}
    others: list[Finding] = []
    for finding in findings:
        if finding.rule != "dns.timeout" or finding.vantage.kind != "resolver":
            others.append(finding)
            continue
        key = (finding.rule, finding.vantage.server, finding.vantage.transport)
        first = kept.get(key)
        affects = (*(first.affects if first else ()), *(finding.affects or (finding.id,)))
        kept[key] = replace(first or finding, affects=tuple(dict.fromkeys(affects)))
    return [*others, *kept.values()]


def _placed(finding: Finding, places: Mapping[str, str], paths: Mapping[str, str]) -> Finding:
    """The nearest enclosing key that has a place: `links.a.click_host`, else `links.a`; else that of what it affects."""
    for path in (finding.path, *(paths.get(item, "") for item in finding.affects)):
        key = path
        while key and key not in places:
            key = key.rpartition(".")[0]
        if key:
            return replace(finding, place=places[key])
    return finding


def _order(finding: Finding) -> tuple[bool, str, str, str, str]:
    return (finding.severity != "error", finding.id, finding.rule, finding.vantage.server, finding.vantage.address)
