"""What a check found, and what became of a requirement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from linkproof.conformance.requirements.requirement import Requirement
from linkproof.verify.observations.sent import SentRequest

Verdict = Literal["kept", "broken", "not asked"]


class NotAskedError(Exception):
    """This cannot be asked here; the text says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that was not as required.

    Args:
        sent: what was asked.
        expected: what should have been seen.
        seen: what was.
    """

    sent: str
    expected: str
    seen: str


@dataclass(slots=True)
class Found:
    """Filled by a check.

    Args:
        notes: what is worth knowing though nothing is broken.
    """

    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, sent: str, expected: str, seen: str) -> None:
        self.faults.append(Fault(sent, expected, seen))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One requirement of a run.

    Args:
        why: of what was not asked.
    """

    requirement: Requirement
    verdict: Verdict
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Conformance:
    """A whole run against one edge.

    Args:
        requests: those for the host that the edge answered.
    """

    host: str
    mode: Literal["origin", "echo", "live"]
    outcomes: tuple[Outcome, ...]
    requests: tuple[SentRequest, ...] = ()

    def of(self, verdict: Verdict, *, must: bool | None = None) -> list[Outcome]:
        return [
            one for one in self.outcomes if one.verdict == verdict and (must is None or one.requirement.is_must == must)
        ]

    @property
    def exit_code(self) -> int:
        """1 where a must is broken, 3 where one was not asked, else 0."""
        if self.of("broken", must=True):
            return 1
        return 3 if self.of("not asked", must=True) else 0

    @property
    def verdict(self) -> Literal["proven", "differs", "not-proven"]:
        return {0: "proven", 1: "differs", 3: "not-proven"}[self.exit_code]  # type: ignore[return-value]
