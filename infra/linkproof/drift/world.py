"""cloud = world: what a verification found, one item for each expectation and rule, however many servers say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from linkproof.drift.model import Comparison, Item

if TYPE_CHECKING:
    from linkproof.drift.about import About
    from linkproof.verify.result import Finding, VerificationResult

COMPARISON: Final[Comparison] = "cloud = world"
# The engine's own word for a deployment that is not whole: the two other comparisons say what of it.
DEPLOYMENT: Final = "deployment"
_MISSING: Final = frozenset({"dns.missing-name", "dns.missing-type"})


def items(result: VerificationResult, about: About) -> Iterator[Item]:
    """Errors, what lags, and what could not be checked; warnings are the verifier's own business."""
    errors = [finding for finding in result.findings if finding.severity == "error"]
    for group in _grouped(errors):
        first = group[0]
        yield Item(
            "missing" if first.rule in _MISSING else "drift",
            COMPARISON,
            subject(first, about),
            first.type,
            first.rule,
            first.expected,
            some(sorted(finding.observed for finding in group)),
            f"{first.why}; seen at {some(vantage(finding) for finding in group)}",
            first.fix,
            about.expectations(first.affects or (first.id,)),
            place=first.place,
        )
    for group in _grouped([one.finding for one in result.lagging]):
        first, until = group[0], max(one.until for one in result.lagging if one.finding in group)
        yield Item(
            "lagging",
            COMPARISON,
            subject(first, about),
            first.type,
            first.rule,
            first.expected,
            some(sorted(finding.observed for finding in group)),
            f"an old answer that may still live, at {some(vantage(finding) for finding in group)}",
            f"wait until {_text(until)}",
            about.expectations(first.affects or (first.id,)),
            until=_text(until),
            place=first.place,
        )
    for unknown in result.could_not_check:
        name = about.resource_of.get(unknown.id, unknown.id)
        fix = "see to it that it can be asked from here, then run this again"
        links = about.expectations((unknown.id,))
        yield Item("could not check", COMPARISON, name, why=unknown.reason, fix=fix, links=links)


def subject(finding: Finding, about: About) -> str:
    """The engine resource of a record, so that both comparisons name one thing alike; else what was asked about."""
    known = about.resource_of.get(finding.id)
    if known:
        return known
    return finding.id.removeprefix("zone/") if finding.id.startswith("zone/") else finding.id


def line(item: Item) -> str:
    """What the world shows of something that another comparison names."""
    return f"outside: {item.path} {item.subject}: expected {item.expected}, answered {item.observed}"


def vantage(finding: Finding) -> str:
    seen = finding.vantage
    return f"{seen.server} ({seen.address})" if seen.address and seen.address != seen.server else seen.server


def _grouped(findings: Iterable[Finding]) -> list[list[Finding]]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.id, finding.rule), []).append(finding)
    return list(groups.values())


def some(texts: Iterable[str]) -> str:
    found = list(dict.fromkeys(text for text in texts if text))
    return ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
