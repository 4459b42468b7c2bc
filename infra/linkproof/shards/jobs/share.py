"""Which process asks about what: whole groups of zones, the largest first to whoever has least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkproof.shards.partition import ZoneGroups
from linkproof.verify.survey.memory import RoundScope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkproof.expectations.model import Expectations


@dataclass(frozen=True, slots=True)
class Share:
    """What one process asks about.

    Args:
        scope: the expectations that it asks about.
        zones: ids of the declared zones in it.
    """

    scope: RoundScope
    zones: frozenset[str]


def shares(expectations: Expectations, most: int) -> list[Share]:
    """Divide the expectations.

    Args:
        most: into so many shares; fewer where there are fewer groups of zones, and none where there is nobody to ask.

    Returns:
        shares of about the same number of expectations; each expectation is in one of them, in the order of the file.
    """
    groups = ZoneGroups(expectations)
    weights: dict[str, int] = {}
    names = [record.name for record in expectations.records]
    names += [f"{item.host}." for item in expectations.caa]
    names += [f"{item.host}." for item in expectations.endpoints]
    for name in names:
        weights[groups.of(name)] = weights.get(groups.of(name), 0) + 1
    place = _places(weights, most)
    return [_share(expectations, groups, place, number) for number in range(min(most, len(weights)))]


def _places(weights: Mapping[str, int], most: int) -> dict[str, int]:
    """Each group's share."""
    loads = [0] * min(most, len(weights))
    place = {}
    for group in sorted(weights, key=lambda name: (-weights[name], name)):
        place[group] = loads.index(min(loads))
        loads[place[group]] += weights[group]
    return place


def _share(expectations: Expectations, groups: ZoneGroups, place: Mapping[str, int], number: int) -> Share:
    def has(name: str) -> bool:
        # nobody is asked about a zone in which nothing is expected
        return place.get(groups.of(name)) == number

    return Share(
        RoundScope(
            tuple(record for record in expectations.records if has(record.name)),
            tuple(item for item in expectations.caa if has(f"{item.host}.")),
            tuple(item for item in expectations.endpoints if has(f"{item.host}.")),
        ),
        frozenset(zone.id for zone in expectations.zones if has(zone.name)),
    )
