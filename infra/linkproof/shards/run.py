"""One shard, asked from one vantage."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from linkproof.shards.identity import HERE, identified
from linkproof.shards.partition import WHOLE, part_of
from linkproof.shards.since import choose

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linkproof.expectations.model import Expectations
    from linkproof.shards.document import ResultDocument
    from linkproof.shards.partition import Shard
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.result import VerificationResult

# A day of hourly runs.
SHARE = 24


def verify_part(
    expectations: Expectations,
    options: VerifyOptions,
    *,
    shard: Shard = WHOLE,
    vantage: str = HERE,
    since: ResultDocument | None = None,
    share: int = SHARE,
    jobs: int = 1,
    places: Mapping[str, str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> VerificationResult:
    """Verify a shard; the result's JSON form can be merged with those of the others.

    Args:
        expectations: the whole.
        options, places, progress: as of `linkproof.verify.run.verify`.
        vantage: the name of the place from which is asked.
        since: an earlier result: what was right then and is declared as then is asked in turns.
        share: of those, in how many runs all of them are asked.
        jobs: how many processes of this machine ask, at most.

    Raises:
        LinkproofError: as `verify`.
    """
    part = part_of(expectations, shard)
    if is_empty(part) and not is_empty(expectations):
        result = _nothing_of_it(part, strict=options.strict)
        return identified(result, expectations, datetime.now(UTC), shard=shard, vantage=vantage)
    if since is None:
        result = _verified(part, options, jobs, places, progress)
        return identified(result, expectations, datetime.now(UTC), shard=shard, vantage=vantage)
    choice = choose(part, since, share, datetime.now(UTC))
    result = _verified(choice.expectations, options, jobs, places, progress)
    return identified(
        replace(result, kept_certificates=_kept(since, choice.left)),
        expectations,
        datetime.now(UTC),
        shard=shard,
        vantage=vantage,
        left=choice.left,
        reasons=choice.reasons if choice.left else None,
        run=choice.run,
    )


def _verified(
    expectations: Expectations,
    options: VerifyOptions,
    jobs: int,
    places: Mapping[str, str] | None,
    progress: Callable[[str], None] | None,
) -> VerificationResult:
    if jobs > 1:
        from linkproof.shards.jobs.verify import verify_together

        return verify_together(expectations, options, jobs, places=places, progress=progress)
    from linkproof.verify.run import verify

    return verify(expectations, options, places=places, progress=progress)


def _kept(since: ResultDocument, left: frozenset[str]) -> tuple[dict[str, Any], ...]:
    """The certificates of what is not asked, as they were seen: the next run must know which of them come to their end."""
    kept = {item.model_copy(update={"seen_from": ()}): None for item in since.certificates if item.id in left}
    return tuple(item.model_dump(mode="json", exclude={"seen_from"}) for item in kept)


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
