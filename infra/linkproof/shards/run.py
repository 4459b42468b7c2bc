"""One shard, asked from one vantage."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from linkproof.shards.identity import HERE, identified
from linkproof.shards.partition import WHOLE, part_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linkproof.expectations.model import Expectations
    from linkproof.shards.partition import Shard
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.result import VerificationResult


def verify_part(
    expectations: Expectations,
    options: VerifyOptions,
    *,
    shard: Shard = WHOLE,
    vantage: str = HERE,
    places: Mapping[str, str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> VerificationResult:
    """Verify a shard; the result's JSON form can be merged with those of the others.

    Args:
        expectations: the whole.
        options, places, progress: as of `linkproof.verify.run.verify`.
        vantage: the name of the place from which is asked.

    Raises:
        LinkproofError: as `verify`.
    """
    from linkproof.verify.run import verify

    part = part_of(expectations, shard)
    if is_empty(part) and not is_empty(expectations):
        result = _nothing_of_it(part, strict=options.strict)
    else:
        result = verify(part, options, places=places, progress=progress)
    return identified(result, expectations, datetime.now(UTC), shard=shard, vantage=vantage)


def is_empty(expectations: Expectations) -> bool:
    """Whether there is nobody to ask about anything."""
    return not (expectations.records or expectations.caa or expectations.endpoints)


def _nothing_of_it(part: Expectations, *, strict: bool) -> VerificationResult:
    """No zone fell into this shard: nobody is asked, and what is pending is said all the same."""
    from linkproof.verify.result import CouldNotCheck, Coverage, VerificationResult

    unknown = tuple(CouldNotCheck(item.id, None, item.reason) for item in part.pending if not item.by_design)
    unprobed = tuple(CouldNotCheck(item.id, None, item.reason) for item in part.pending if item.by_design)
    return VerificationResult(
        verdict="not-proven" if unknown or (strict and unprobed) else "proven",
        findings=(),
        lagging=(),
        could_not_check=unknown,
        coverage=Coverage(0, 0, 0),
        timing={"total_seconds": 0.0},
        unprobed=unprobed,
    )
