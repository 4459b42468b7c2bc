"""Of a run that is one of several: which it was, and in what state it saw each expectation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from linkproof.verify.result import Coverage, Verdict

SeenState = Literal["right", "differs", "lagging", "could-not-check", "not-asked"]
# The worst first.
SEEN_STATES: tuple[SeenState, ...] = ("differs", "could-not-check", "lagging", "not-asked", "right")
# Of what was not asked; its number is whole.
MOST_LEFT_IDS = 1_000
# The name of a place from which is asked, as `tokyo`.
VANTAGE_NAME = r"^[a-z0-9][a-z0-9._-]{0,62}$"


@dataclass(frozen=True, slots=True)
class Part:
    """One run.

    Args:
        shard: `K/N`.
        vantage: the place from which it asked, by name.
        at: when it ended, aware.
        expectations: the digest of all that it was one part of.
        asked_for: how many expectations it asked about for which reason, where it left some to other runs.
    """

    shard: str
    vantage: str
    at: datetime
    verdict: Verdict
    coverage: Coverage
    expectations: str
    timing: Mapping[str, float] = field(default_factory=dict)
    asked_for: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "shard": self.shard,
            "vantage": self.vantage,
            "at": self.at.isoformat().replace("+00:00", "Z"),
            "verdict": self.verdict,
            "coverage": self.coverage.to_json(),
            "expectations": self.expectations,
            "timing": dict(self.timing),
            **({"asked_for": dict(self.asked_for)} if self.asked_for else {}),
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """One expectation, as each place saw it.

    Args:
        digest: of the expectation: another one when the declaration changed.
        seen: the state by the name of the place.
    """

    id: str
    digest: str
    seen: Mapping[str, SeenState]

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "digest": self.digest, "seen": dict(self.seen)}


@dataclass(frozen=True, slots=True)
class NotAsked:
    """What a run left for another one.

    Args:
        of: how many expectations there are; one that several places were to ask about counts for each.
        ids: the first of them.
        run: how many runs in a row have asked a part, this one with them.
    """

    count: int
    of: int
    ids: tuple[str, ...]
    run: int = 1

    def to_json(self) -> dict[str, Any]:
        return {"count": self.count, "of": self.of, "ids": list(self.ids), "run": self.run}
