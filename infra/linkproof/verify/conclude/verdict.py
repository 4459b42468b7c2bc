"""The cells of a run, added up to a verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.result import Cell, CouldNotCheck, Coverage, Finding, Lagging, Verdict, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def conclude(
    cells: Iterable[Cell],
    unknown: Iterable[CouldNotCheck],
    *,
    unprobed: Iterable[CouldNotCheck] = (),
    by_hand: tuple[int, int] | None = None,
    strict: bool,
    places: Mapping[str, str],
    timing: dict[str, float],
    paths: Mapping[str, str] | None = None,
    reproduce: Callable[[Finding], str] | None = None,
) -> VerificationResult:
    """Add the cells up.

    Args:
        cells: every expectation seen from every vantage.
        unknown: what is required and has no cell at all (`pending`, or nothing declared).
        unprobed: what cannot be asked about in its phase, whatever is done.
        by_hand: see `VerificationResult`.
        strict: warnings count as errors, and what is unprobed as not checked.
        places: declaration key → `file:line:column`.
        timing: seconds by stage.
        paths: expectation → key in the declaration, for a finding about something that is not declared itself.
        reproduce: gives the command that shows a finding.
    """
    paths, unprobed = paths or {}, tuple(unprobed)

    def finish(finding: Finding) -> Finding:
        placed = _placed(finding, places, paths)
        return replace(placed, reproduce=reproduce(placed)) if reproduce else placed

    cells = tuple(_finished(cell, finish) for cell in cells)
    findings: list[Finding] = []
    lagging: list[Lagging] = []
    could_not = list(unknown)
    for cell in cells:
        findings += cell.warnings
        if cell.state == "differs" and cell.finding is not None:
            findings.append(cell.finding)
        elif cell.state == "lagging" and cell.finding is not None and cell.until is not None:
            lagging.append(Lagging(cell.finding, cell.until))
        elif cell.state == "could-not-check":
            could_not.append(CouldNotCheck(cell.id, cell.vantage, cell.reason))
    counted = [cell for cell in cells if cell.state != "optional"]
    unchecked = sum(cell.state == "could-not-check" for cell in counted)
    placed = tuple(sorted(dict.fromkeys(_once_per_resolver(findings)), key=_order))
    checked = len(counted) - unchecked
    verdict: Verdict = "proven"
    if any(finding.severity == "error" or strict for finding in placed) or any(
        cell.state == "differs" for cell in counted
    ):
        verdict = "differs"
    elif could_not or not checked or (strict and unprobed):
        verdict = "not-proven"
    elif any(cell.state == "lagging" for cell in counted):
        verdict = "lagging"
    return VerificationResult(
        verdict=verdict,
        findings=placed,
        lagging=tuple(lagging),
        could_not_check=tuple(could_not),
        coverage=Coverage(len(counted), checked, unchecked),
        timing=timing,
        optional=tuple(CouldNotCheck(cell.id, cell.vantage, cell.reason) for cell in cells if cell.state == "optional"),
        unprobed=unprobed,
        by_hand=by_hand,
        cells=cells,
    )


def _finished(cell: Cell, finish: Callable[[Finding], Finding]) -> Cell:
    if cell.finding is None and not cell.warnings:
        return cell
    finding = finish(cell.finding) if cell.finding else None
    return replace(cell, finding=finding, warnings=tuple(finish(warning) for warning in cell.warnings))


def _once_per_resolver(findings: Iterable[Finding]) -> list[Finding]:
    """A resolver that never answers is one finding that lists what could not be seen through it."""
    kept: dict[tuple[str, str, str], Finding] = {}
    others: list[Finding] = []
    for finding in findings:
        if finding.rule != "dns.timeout" or finding.vantage.kind != "resolver":
            others.append(finding)
            continue
        key = (finding.rule, finding.vantage.server, finding.vantage.transport)
        first = kept.get(key)
        affects = (*(first.affects if first else ()), *(finding.affects or (finding.id,)))
        kept[key] = replace(first or finding, affects=tuple(dict.fromkeys(affects)))
    return [*others, *kept.values()]


def _placed(finding: Finding, places: Mapping[str, str], paths: Mapping[str, str]) -> Finding:
    """The nearest enclosing key that has a place: `links.a.click_host`, else `links.a`; else that of what it affects."""
    for path in (finding.path, *(paths.get(item, "") for item in finding.affects)):
        key = path
        while key and key not in places:
            key = key.rpartition(".")[0]
        if key:
            return replace(finding, place=places[key])
    return finding


def _order(finding: Finding) -> tuple[bool, str, str, str, str]:
    return (finding.severity != "error", finding.id, finding.rule, finding.vantage.server, finding.vantage.address)
