"""What the processes of one verification tell each other. Both ends are the same program, so the values go as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linkproof.expectations.model import Expectations
    from linkproof.shards.jobs.share import Share
    from linkproof.verify.observations.sent import SentRequest
    from linkproof.verify.observations.vantage import Transport
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.result import Cell


@dataclass(frozen=True, slots=True)
class Task:
    """To a process, first.

    Args:
        expectations: the whole: what is judged may stand in another share.
        processes: how many work together.
        tells_progress: whether somebody is looking.
    """

    expectations: Expectations
    options: VerifyOptions
    share: Share
    processes: int
    tells_progress: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """From a process: what it is doing."""

    line: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """From a process that has come to a stage and waits for the others.

    Args:
        own: what it tells them.
        answered: addresses that have answered it in this round.
    """

    stage: str
    own: Any
    answered: frozenset[tuple[Transport, str]]


@dataclass(frozen=True, slots=True)
class Departure:
    """To all who wait, once all have come.

    Args:
        told: by each of them.
        answered: addresses that have answered any of them.
    """

    told: list[Any]
    answered: frozenset[tuple[Transport, str]]


@dataclass(frozen=True, slots=True)
class Report:
    """From a process, at last."""

    cells: dict[str, list[Cell]]
    timing: dict[str, float]
    sent: list[SentRequest]


@dataclass(frozen=True, slots=True)
class Failure:
    """From a process that cannot go on.

    Args:
        reason: in a few words, without a secret.
    """

    reason: str
