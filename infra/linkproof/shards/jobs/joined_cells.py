"""The cells of all processes as one process would have them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.ids import canaries_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from linkproof.expectations.model import Expectations
    from linkproof.shards.jobs.share import Share
    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.result import Cell, CellState, Finding

# What decides, the worst first.
_WORST: tuple[CellState, ...] = ("differs", "could-not-check", "lagging", "right", "optional")


def joined_cells(
    found: Sequence[tuple[Share, Mapping[str, list[Cell]]]], expectations: Expectations
) -> dict[str, list[Cell]]:
    """By id, in the order of the expectations.

    What several have looked at (a zone beyond the declaration to which records of several shares lead) is there once, with all that it
    affects; a declared zone is judged by whoever has it, with all its checks.
    """
    owner = {zone: number for number, (share, _) in enumerate(found) for zone in share.zones}
    joined: dict[str, list[Cell]] = {}
    for number, (_, cells) in enumerate(found):
        for key, group in cells.items():
            if owner.get(key, number) != number and key in found[owner[key]][1]:
                continue
            joined[key] = _together(joined[key], group) if key in joined else list(group)
    order = _order(expectations)
    return {key: joined[key] for key in sorted(joined, key=lambda key: order.get(key, (1, 0)))}


def _order(expectations: Expectations) -> dict[str, tuple[int, int]]:
    """Zones, what is said of the whole, records, CAA, endpoints."""
    parts: tuple[Iterable[str], ...] = (
        (zone.id for zone in expectations.zones),
        (),
        (record.id for record in expectations.records),
        (item.id for item in expectations.caa),
        (item.id for item in expectations.endpoints),
        (canaries_id(item) for item in expectations.endpoints),
    )
    return {key: (part, position) for part, keys in enumerate(parts) for position, key in enumerate(keys)}


def _together(first: list[Cell], second: list[Cell]) -> list[Cell]:
    joined = _numbered(first)
    for place, cell in _numbered(second).items():
        joined[place] = _one(joined[place], cell) if place in joined else cell
    return list(joined.values())


def _numbered(cells: Iterable[Cell]) -> dict[tuple[Vantage, int], Cell]:
    """By vantage; where it has several, as the first, the second."""
    found: dict[tuple[Vantage, int], Cell] = {}
    for cell in cells:
        number = 0
        while (cell.vantage, number) in found:
            number += 1
        found[cell.vantage, number] = cell
    return found


def _one(first: Cell, second: Cell) -> Cell:
    """The worse of two, with what both say."""
    worse, other = sorted((first, second), key=lambda cell: _WORST.index(cell.state))
    finding = worse.finding
    if finding is not None and other.finding is not None:
        finding = _affecting(finding, other.finding)
    warnings = {warning.rule: warning for warning in worse.warnings}
    for warning in other.warnings:
        known = warnings.get(warning.rule)
        warnings[warning.rule] = _affecting(known, warning) if known else warning
    return replace(worse, finding=finding, warnings=tuple(warnings.values()))


def _affecting(finding: Finding, other: Finding) -> Finding:
    if finding.rule != other.rule:
        return finding
    return replace(finding, affects=tuple(sorted({*finding.affects, *other.affects})))
