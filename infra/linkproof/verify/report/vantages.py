"""The same expectation from several places: one row, with a cell for each place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkproof.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkproof.expectations.model import Expectations
    from linkproof.verify.result import VerificationResult
    from linkproof.verify.seen import SeenState

# The worst first; what is right everywhere comes last.
WORDS: dict[SeenState, str] = {
    "differs": "differs",
    "could-not-check": "could not check",
    "lagging": "lagging",
    "not-asked": "not asked",
    "right": "right",
}
_ORDER = list(WORDS)


@dataclass(frozen=True, slots=True)
class VantageRow:
    """One expectation.

    Args:
        name: its DNS name or host, without trailing dot; empty where the expectations are not at hand.
        type: of a record; TLS of an endpoint.
        cells: the state at each place, in the order of `vantages_of`.
    """

    id: str
    kind: str
    name: str
    type: str
    cells: tuple[SeenState, ...]

    @property
    def is_right(self) -> bool:
        return all(cell == "right" for cell in self.cells)

    @property
    def subject(self) -> str:
        return " ".join(part for part in (self.id, self.name, self.type) if part)


def vantages_of(result: VerificationResult) -> tuple[str, ...]:
    """The names of all places that reported or were to."""
    return tuple(sorted({part.vantage for part in result.parts} | set(result.expected_vantages)))


def is_from_several(result: VerificationResult) -> bool:
    """Whether the result has more than one run's view of the world, or lacks one."""
    return len(result.parts) > 1 or len(vantages_of(result)) > 1


def reported(result: VerificationResult) -> list[str]:
    """`paris`, or `tokyo (2 of 3 shards)`, for each place."""
    there = _shards(result)
    total = _total(result)
    told = []
    for name in vantages_of(result):
        number = len(there.get(name, ()))
        share = "nothing" if not number else f"{number} of {counted(total, 'shard')}"
        told.append(name if number == total else f"{name} ({share})")
    return told


def rows(result: VerificationResult, expectations: Expectations) -> list[VantageRow]:
    """Every expectation that some place saw, or should have seen; the worst first."""
    names, there, total = vantages_of(result), _shards(result), _total(result)
    # a place that lacks a shard may lack just this expectation
    absent: dict[str, SeenState] = {
        name: "not-asked" if len(there.get(name, ())) == total else "could-not-check" for name in names
    }
    seen: dict[str, Mapping[str, SeenState]] = {one.id: one.seen for one in result.asked}
    subjects = {one: (kind, name, record_type) for one, kind, name, record_type in _subjects(expectations)}
    some_lack = "could-not-check" in absent.values()
    ids = [*seen, *(one for one in subjects if some_lack and one not in seen and not one.startswith("zone/"))]
    found = []
    for one in ids:
        kind, name, record_type = subjects.get(one, ("", "", ""))
        states = seen.get(one, {})
        found.append(VantageRow(one, kind, name, record_type, tuple(states.get(each, absent[each]) for each in names)))
    return sorted(found, key=lambda row: (min(_ORDER.index(cell) for cell in row.cells), row.id))


def _subjects(expectations: Expectations) -> Iterable[tuple[str, str, str, str]]:
    for zone in expectations.zones:
        yield zone.id, "zone", zone.name.rstrip("."), "SOA"
    for record in expectations.records:
        yield record.id, "record", record.name.rstrip("."), record.type
    for item in expectations.caa:
        yield item.id, "caa", item.host, "CAA"
    for endpoint in expectations.endpoints:
        yield endpoint.id, "endpoint", endpoint.host, "TLS"


def _shards(result: VerificationResult) -> dict[str, set[str]]:
    there: dict[str, set[str]] = {}
    for part in result.parts:
        there.setdefault(part.vantage, set()).add(part.shard)
    return there


def _total(result: VerificationResult) -> int:
    return int(result.parts[0].shard.partition("/")[2]) if result.parts else 1
