"""What one round is about, and what it knows from the rounds before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import CaaExpectation, EndpointExpectation, RecordExpectation


@dataclass
class RunMemory:
    """What is known from earlier rounds of the same run.

    Args:
        zone_of: record id → the real zone's name.
        last_seen_old: record id → when an authority last gave the old state.
        failing_since: record id and resolver → since when it has failed for it.
        queries: DNS questions sent so far.
        strays: packets so far that answered nothing that was asked.
    """

    zone_of: dict[str, str] = field(default_factory=dict)
    last_seen_old: dict[str, datetime] = field(default_factory=dict)
    failing_since: dict[tuple[str, str], datetime] = field(default_factory=dict)
    queries: int = 0
    strays: int = 0


@dataclass(frozen=True)
class RoundScope:
    """The expectations of one round."""

    records: tuple[RecordExpectation, ...]
    caa: tuple[CaaExpectation, ...]
    endpoints: tuple[EndpointExpectation, ...]
