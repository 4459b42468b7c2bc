"""Records of zones that people write: what to publish, in words that can be pasted, and how many of them are there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.rules.registry import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkproof.expectations.model import Expectations, RecordExpectation
    from linkproof.verify.result import Cell

# What is wrong with the record itself, so that publishing it again is the way out.
_MENDED_BY_PUBLISHING = frozenset({"dns.wrong-value", "dns.missing-name", "dns.missing-type", "dns.duplicate-cname"})


class ByHand:
    """The records of zones with `by_hand`."""

    def __init__(self, expectations: Expectations) -> None:
        zones = {zone.name: zone.by_hand for zone in expectations.zones}
        self._records = {record.id: record for record in expectations.records if _is_by_hand(record.name, zones)}

    def told(self, cells: Iterable[Cell]) -> tuple[Cell, ...]:
        """The cells, with the line to publish in place of advice for zones that a deployment writes."""
        return tuple(map(self._told, cells)) if self._records else tuple(cells)

    def published(self, cells: Iterable[Cell]) -> tuple[int, int] | None:
        """How many of the records every authoritative server has as declared, and how many there are; None without any."""
        if not self._records:
            return None
        seen: dict[str, bool] = {}
        for cell in cells:
            if cell.id in self._records and cell.vantage.kind == "authoritative" and cell.state != "optional":
                seen[cell.id] = seen.get(cell.id, True) and cell.state == "right"
        return sum(seen.values()), len(self._records)

    def _told(self, cell: Cell) -> Cell:
        finding, record = cell.finding, self._records.get(cell.id)
        if finding is None or record is None or cell.vantage.kind != "authoritative":
            return cell
        if finding.rule not in _MENDED_BY_PUBLISHING or finding.fix != RULES[finding.rule].fix:
            return cell
        fix = f"publish by hand, in place of what is there: {line_of(record)}"
        return replace(cell, finding=replace(finding, fix=fix))


def line_of(record: RecordExpectation) -> str:
    """The record in the form of a zone file."""
    ttl = "" if record.ttl_seconds is None else f"{record.ttl_seconds} "
    return "; ".join(f"{record.name} {ttl}IN {record.type} {value}" for value in record.values)


def _is_by_hand(name: str, zones: Mapping[str, bool]) -> bool:
    """By the deepest declared zone that the name is in."""
    while name:
        if name in zones:
            return zones[name]
        name = name.partition(".")[2]
    return False
