"""What a verification found, and what that means for the exit code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from linkproof.errors import LinkproofError
    from linkproof.verify.observations.sent import SentRequest
    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.seen import Asked, NotAsked, Part

Severity = Literal["error", "warning"]
Verdict = Literal["proven", "differs", "not-proven", "lagging"]
CellState = Literal["right", "differs", "lagging", "could-not-check", "optional"]

# differs (1) before not proven (3) before lagging (4) before proven (0); bad input (2) never gets this far
EXIT_CODES: dict[Verdict, int] = {"differs": 1, "not-proven": 3, "lagging": 4, "proven": 0}


@dataclass(frozen=True, slots=True)
class Finding:
    """An expectation that an observation breaks.

    Args:
        rule: an id of `linkproof.verify.rules.registry.RULES`.
        id: the expectation, or the zone for a fault of a server or zone.
        affects: ids of what depends on it; the expectation itself where it is about one only.
        path: the key in the declaration; `place` is that key as file:line:column where known.
        asked_name: the name that was asked for, where it is not `name`; `asked_type` likewise.
        reproduce: one shell command that shows the same; empty where there is nobody to ask.
        seen_from: the places, by name, from which it was seen, where there were several.
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
    seen_from: tuple[str, ...] = ()

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
            **seen_from_to_json(self.seen_from),
        }


@dataclass(slots=True, unsafe_hash=True)  # not frozen, as `Reply` is not: ten are made for each link
class Cell:
    """One expectation seen from one vantage; nobody changes one once it is judged.

    Args:
        state: `right` may carry warnings; `optional` never decides.
        finding: why it differs or lags; None where a finding about the server or zone already says so.
        warnings: findings that leave the cell right.
        reason: why it could not be checked, or was not.
        until: when a lagging answer must be gone.
        can_change: whether asking again could give another answer.
        evidence: what was answered, for people; bounded, and not yet escaped.
        seconds: how long the answer took.
        not_before: from when the leaf's certificate is valid.
        not_after: when the first certificate on the path expires.
    """

    id: str
    vantage: Vantage
    state: CellState
    finding: Finding | None = None
    warnings: tuple[Finding, ...] = ()
    reason: str = ""
    until: datetime | None = None
    can_change: bool = True
    evidence: str = ""
    seconds: float | None = None
    not_before: datetime | None = None
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
    seen_from: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "vantage": vantage_to_json(self.vantage) if self.vantage else None,
            "reason": self.reason,
            **seen_from_to_json(self.seen_from),
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
class VerificationResult:
    """The end of one verification.

    Args:
        unprobed: what cannot be asked about in its phase, whatever is done; it decides only with `strict`.
        by_hand: of the records that people publish, how many are there as declared, and how many there are.
        parts: which run this was, or the runs that it was merged from.
        asked: each expectation and how it was seen, for a merge and for a run that starts from this one.
        not_asked: what was left for another run; None where everything was asked.
        expected_vantages: the places that were to report.
        kept_certificates: as an earlier run saw them, of what this one left to another.
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
    parts: tuple[Part, ...] = ()
    asked: tuple[Asked, ...] = field(default=(), repr=False)
    not_asked: NotAsked | None = None
    expected_vantages: tuple[str, ...] = ()
    kept_certificates: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    cells: tuple[Cell, ...] = field(default=(), repr=False)
    # every request that was answered: an edge's own counter has counted it
    requests: tuple[SentRequest, ...] = field(default=(), repr=False, compare=False)
    # why the evidence could not be kept to its end, for whoever prints the verdict first
    unwritten: LinkproofError | None = field(default=None, repr=False, compare=False)

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.verdict]

    def to_json(self, rows: Callable[[Iterable[Any]], list[Any]] = list) -> dict[str, Any]:
        """The published form.

        Args:
            rows: makes a list of what there may be ten thousands of; another one than `list` may make each of them when it is written.
        """
        return {
            "version": 1,
            "verdict": self.verdict,
            "findings": [finding.to_json() for finding in self.findings],
            "lagging": [item.to_json() for item in self.lagging],
            "could_not_check": [item.to_json() for item in self.could_not_check],
            **({"unprobed": [{"id": one.id, "reason": one.reason} for one in self.unprobed]} if self.unprobed else {}),
            "coverage": self.coverage.to_json(),
            "certificates": self.certificates,
            "timing": self.timing,
            "limits": self._limits(),
            **({"parts": [part.to_json() for part in self.parts]} if self.parts else {}),
            **({"expected_vantages": list(self.expected_vantages)} if self.expected_vantages else {}),
            **({"asked": rows(one.to_json() for one in self.asked)} if self.asked else {}),
            **({"not_asked": self.not_asked.to_json()} if self.not_asked else {}),
        }

    @property
    def certificates(self) -> list[dict[str, Any]]:
        """The first end of what each endpoint's edge showed, by `id`, `host`, `not_before` and `not_after`."""
        dates: dict[tuple[str, str], tuple[datetime, datetime]] = {}
        for cell in self.cells:
            # what decides nothing is somebody else's certificate: the sender's, or the service's before it takes the host over
            if cell.not_before is not None and cell.not_after is not None and cell.state != "optional":
                key = cell.id, cell.vantage.server
                dates[key] = min(dates.get(key, (cell.not_after, cell.not_before)), (cell.not_after, cell.not_before))
        seen = [
            {"id": id_, "host": host, "not_before": _zulu(begin), "not_after": _zulu(end)}
            for (id_, host), (end, begin) in sorted(dates.items())
        ]
        return [*seen, *self.kept_certificates]

    def _limits(self) -> list[dict[str, Any]]:
        """What decides nothing and was not seen, a reason at a time: who reads *proven* reads how far it goes."""
        ids: dict[str, dict[str, None]] = {}
        for item in self.optional:
            ids.setdefault(item.reason, {})[item.id] = None
        return [{"reason": reason, "ids": sorted(ids[reason])} for reason in sorted(ids)]


def seen_from_to_json(names: tuple[str, ...]) -> dict[str, list[str]]:
    return {"seen_from": list(names)} if names else {}


def _zulu(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def vantage_to_json(vantage: Vantage) -> dict[str, str]:
    return {"kind": vantage.kind, "server": vantage.server, "address": vantage.address, "transport": vantage.transport}
