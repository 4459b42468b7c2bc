"""What makes a result one of several: which run it was, of which expectations, and how each was seen."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.errors import LinkproofError
from linkproof.expectations.model import OUTDATED_ID
from linkproof.shards.partition import WHOLE
from linkproof.verify.ids import canaries_id
from linkproof.verify.seen import MOST_LEFT_IDS, SEEN_STATES, VANTAGE_NAME, Asked, NotAsked, Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from pydantic import BaseModel

    from linkproof.expectations.model import (
        CaaExpectation,
        EndpointExpectation,
        Expectations,
        RecordExpectation,
        ZoneExpectation,
    )
    from linkproof.shards.partition import Shard
    from linkproof.verify.result import VerificationResult
    from linkproof.verify.seen import SeenState

# The name of a place that was given none.
HERE = "here"


class InvalidVantageNameError(LinkproofError):
    """The text cannot name the place from which is asked."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"vantage {text!r}: not a name", "write small letters, digits, dots, hyphens and underscores, as tokyo-1"
        )
        self.text = text


def vantage_name(text: str) -> str:
    """Raises:
    InvalidVantageNameError: it is no name.
    """
    if not re.fullmatch(VANTAGE_NAME, text):
        raise InvalidVantageNameError(text)
    return text


def digests(expectations: Expectations) -> dict[str, str]:
    """Each expectation's own digest, by its id: another one as soon as anything of it is declared otherwise."""
    return {item.id: _digest(item) for item in _with_ids(expectations)}


def digest_of(expectations: Expectations, each: Mapping[str, str] | None = None) -> str:
    """The digest of all expectations, whenever they were written.

    Args:
        each: what `digests` gave, where it is known.
    """
    own = digests(expectations) if each is None else each
    # a file that has not been deployed yet is a matter of whoever verifies
    rest = (*(item for item in expectations.pending if item.id != OUTDATED_ID), *expectations.previous)
    lines = [*sorted(f"{one} {digest}" for one, digest in own.items()), *sorted(map(_digest, rest))]
    text = "\n".join([str(expectations.version), expectations.stack, expectations.declaration, *lines])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def identified(
    result: VerificationResult,
    expectations: Expectations,
    at: datetime,
    *,
    shard: Shard = WHOLE,
    vantage: str = HERE,
    left: AbstractSet[str] = frozenset(),
    reasons: Mapping[str, int] | None = None,
    run: int = 1,
) -> VerificationResult:
    """The result with all that a merge needs, and a later run that starts from it.

    Args:
        expectations: the whole, whatever part of it the shard is.
        at: when the run ended, aware.
        shard: that was asked about.
        vantage: the name of the place.
        left: ids of the shard's expectations that were left to other runs.
        reasons: how many were asked for which reason, where some were left.
        run: see `NotAsked`.
    """
    each = digests(expectations)
    part = Part(
        str(shard),
        vantage,
        at,
        result.verdict,
        result.coverage,
        digest_of(expectations, each),
        dict(result.timing),
        dict(reasons or {}),
    )
    states: dict[str, SeenState] = {**dict.fromkeys(left, "not-asked"), **_states(result, expectations)}
    asked = tuple(Asked(one, each[one], {vantage: state}) for one, state in sorted(states.items()))
    not_asked = NotAsked(len(left), len(asked), tuple(sorted(left)[:MOST_LEFT_IDS]), run) if left else None
    return replace(result, parts=(part,), asked=asked, not_asked=not_asked)


def _states(result: VerificationResult, expectations: Expectations) -> dict[str, SeenState]:
    """The worst that decided about each expectation; what nobody was asked about has none."""
    owner = {canaries_id(item): item.id for item in expectations.endpoints if item.canaries}
    known = {item.id for item in _with_ids(expectations)}
    states: dict[str, SeenState] = {}
    for cell in result.cells:
        one = owner.get(cell.id, cell.id)
        if cell.state != "optional" and one in known:
            states[one] = min(states.get(one, "right"), cell.state, key=SEEN_STATES.index)
    return states


def _with_ids(
    expectations: Expectations,
) -> Iterator[ZoneExpectation | RecordExpectation | CaaExpectation | EndpointExpectation]:
    yield from expectations.zones
    yield from expectations.records
    yield from expectations.caa
    yield from expectations.endpoints


def _digest(item: BaseModel) -> str:
    # without defaults: an expectation is the same to a version that has more keys
    text = item.model_dump_json(exclude_defaults=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
