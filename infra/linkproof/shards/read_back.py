"""A merged document as a result, for the reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from linkproof.shards.document import parse
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.result import CouldNotCheck, Coverage, Finding, Lagging, VerificationResult
from linkproof.verify.seen import Asked, NotAsked, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from linkproof.shards.document import CoverageDocument, FindingDocument, VantageDocument


@dataclass(frozen=True, slots=True)
class MergedResult(VerificationResult):
    """What several runs say together. It has no cells of its own: `asked` has the state of each expectation at each place."""

    document: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def certificates(self) -> list[dict[str, Any]]:
        return list(self.document["certificates"])

    def to_json(self, rows: Callable[[Iterable[Any]], list[Any]] = list) -> dict[str, Any]:  # noqa: ARG002 - it is made already
        return dict(self.document)


def read_back(tree: Mapping[str, Any]) -> MergedResult:
    """The result that a document of `merge` says.

    Raises:
        InvalidResultError: it is none.
    """
    document = parse(tree)
    left = document.not_asked
    return MergedResult(
        verdict=document.verdict,
        findings=tuple(_finding(item) for item in document.findings),
        lagging=tuple(Lagging(_finding(item), item.until) for item in document.lagging),
        could_not_check=tuple(
            CouldNotCheck(item.id, _vantage(item.vantage) if item.vantage else None, item.reason, item.seen_from)
            for item in document.could_not_check
        ),
        coverage=_coverage(document.coverage),
        timing=dict(document.timing),
        optional=tuple(CouldNotCheck(one, None, limit.reason) for limit in document.limits for one in limit.ids),
        unprobed=tuple(CouldNotCheck(item.id, None, item.reason) for item in document.unprobed),
        parts=tuple(
            Part(
                item.shard,
                item.vantage,
                item.at,
                item.verdict,
                _coverage(item.coverage),
                item.expectations,
                item.timing,
                {str(why): number for why, number in item.asked_for.items()},
            )
            for item in document.parts
        ),
        asked=tuple(Asked(item.id, item.digest, item.seen) for item in document.asked),
        not_asked=NotAsked(left.count, left.of, left.ids, left.run) if left else None,
        expected_vantages=document.expected_vantages,
        document=tree,
    )


def _finding(item: FindingDocument) -> Finding:
    return Finding(
        rule=item.rule,
        severity=item.severity,
        id=item.id,
        name=item.name,
        type=item.type,
        expected=item.expected,
        observed=item.observed,
        vantage=_vantage(item.vantage),
        why=item.why,
        fix=item.fix,
        affects=item.affects,
        place=item.place,
        reproduce=item.reproduce,
        seen_from=item.seen_from,
    )


def _vantage(item: VantageDocument) -> Vantage:
    return Vantage(item.kind, item.server, item.address, item.transport)


def _coverage(item: CoverageDocument) -> Coverage:
    return Coverage(item.cells, item.checked, item.could_not_check)
