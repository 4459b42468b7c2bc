"""What judging a record needs beside the answers: its zone, its past, and the rest of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from linkproof.verify.judge.lag import authority_until

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import PreviousRecord, RecordExpectation, ZoneExpectation
    from linkproof.verify.observations.vantage import Reachability


# Of a zone that is not declared.
_USUAL_PROPAGATION_SECONDS = 60

Signatures = Literal["none", "whole", "broken"]


@dataclass(frozen=True, slots=True)
class RecordContext:
    """What judging a record needs beside the answers.

    Args:
        zone: the declared zone that the record stands in, where there is one.
        past: what the record was before each of its changes.
        reach: what answered at all in this run.
        now: the moment of judging.
        asked_at: when this round's first question about a record went out: what was within its time then is old and not wrong, however long the
            others took; None for `now`.
        negative_seconds: how long the servers of its zone let a negative answer live.
        edge: of the endpoint at the record's name, where there is one; `phase` likewise.
        signatures: what the authorities show of the zones that lead to its address: only where they are signed can an answer be bogus.
    """

    zone: ZoneExpectation | None
    past: tuple[PreviousRecord, ...]
    reach: Reachability
    now: datetime
    negative_seconds: int = 0
    signatures: Signatures = "none"
    edge: str = ""
    phase: str = ""
    asked_at: datetime | None = None

    @property
    def asked(self) -> datetime:
        """The moment by which an old answer's time is judged."""
        return min(self.asked_at or self.now, self.now)

    @property
    def propagation_seconds(self) -> int:
        return self.zone.propagation_seconds if self.zone else _USUAL_PROPAGATION_SECONDS


def until_of(
    record: RecordExpectation,
    seen_refresh_seconds: int | None,
    context: RecordContext,
    past: tuple[PreviousRecord, ...] | None = None,
) -> datetime | None:
    """When every authority must have left these states behind; by default all that the record ever was."""
    refresh = seen_refresh_seconds if context.zone and context.zone.transfer_group else None
    return authority_until(
        record,
        context.past if past is None else past,
        propagation_seconds=context.propagation_seconds,
        refresh_seconds=refresh,
    )
