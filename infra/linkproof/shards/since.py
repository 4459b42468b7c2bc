"""What a run that starts from an earlier result asks: first what was not right, what expires and what changed, then its turn of the rest."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linkproof.errors import LinkproofError
from linkproof.shards.joined import Joined
from linkproof.shards.partition import ZoneGroups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from linkproof.expectations.model import Expectations
    from linkproof.shards.document import FindingDocument, ResultDocument

_SAMPLE = re.compile(r"1/([1-9][0-9]{0,4})")
# Before a certificate's renewal is due: a run that leaves it out must not be the last one before that.
_AHEAD = timedelta(days=7)
# Why something is asked, the first that holds.
REASONS = ("wrong", "expiring", "changed", "sample")


class InvalidSampleError(LinkproofError):
    """The text names no share of the rest."""

    def __init__(self, text: str) -> None:
        super().__init__(f"--sample {text!r}: no share", "write 1/N: with 1/24 every 24 runs ask all of the rest")
        self.text = text


def sample_of(text: str) -> int:
    """N of `1/N`.

    Raises:
        InvalidSampleError: it is something else.
    """
    match = _SAMPLE.fullmatch(text.strip())
    if match is None:
        raise InvalidSampleError(text)
    return int(match[1])


@dataclass(frozen=True, slots=True)
class Choice:
    """What this run asks.

    Args:
        expectations: what is asked, in the order of urgency, with all zones; complete in itself.
        reasons: how many expectations are asked for each of `REASONS`.
        left: the ids of what is left to other runs.
        run: how many runs in a row have asked a part, this one with them.
    """

    expectations: Expectations
    reasons: Mapping[str, int]
    left: frozenset[str]
    run: int


def choose(expectations: Expectations, earlier: ResultDocument, share: int, now: datetime) -> Choice:
    """What to ask after an earlier result.

    Everything of one name is asked together, with the declared names that its CNAME leads to. Of what was right, is the same in the
    declaration and has no certificate near its end, each run asks the names whose turn it is: those whose SHA-256 is the run's number
    modulo `share`. So `share` runs in a row ask about all, whatever else happens.

    Args:
        expectations: of the shard that this run is about.
        earlier: its result, or that of a run that started from one.
        share: 24 for a twenty-fourth in each run.
        now: aware.
    """
    units = _units(expectations)
    reasons: dict[str, str] = {}

    def ask(ids: Iterable[str], why: str) -> None:
        for one in ids:
            if one in units:
                reasons.setdefault(units[one], why)

    known = {item.id: item for item in earlier.asked}
    not_right = set(_not_right(earlier, units))
    ask([*not_right, *_in_zones(expectations, not_right)], "wrong")
    ask(_expiring(expectations, earlier, now), "expiring")
    ask(_changed(expectations, {one: item.digest for one, item in known.items()}), "changed")
    run = (earlier.not_asked.run if earlier.not_asked else 0) + 1
    for unit in _turn(sorted(set(units.values())), share, run):
        reasons.setdefault(unit, "sample")
    asked = {one for one, unit in units.items() if unit in reasons}
    counted = [reasons[units[one]] for one in asked]
    return Choice(
        _only(expectations, asked, {one: REASONS.index(reasons[units[one]]) for one in asked}),
        {why: counted.count(why) for why in REASONS if why in counted},
        frozenset(units) - asked,
        run,
    )


def _units(expectations: Expectations) -> dict[str, str]:
    """By id, the name with which it is asked."""
    joined, names = Joined(), {record.name for record in expectations.records}
    for record in expectations.records:
        if record.type == "CNAME":
            for value in record.values:
                if (target := f"{value.rstrip('.').lower()}.") in names:
                    joined.join(record.name, target)
    units = {record.id: joined.first(record.name) for record in expectations.records}
    units |= {item.id: joined.first(f"{item.host}.") for item in expectations.caa}
    return units | {item.id: joined.first(f"{item.host}.") for item in expectations.endpoints}


def _not_right(earlier: ResultDocument, known: Mapping[str, str]) -> Iterator[str]:
    for item in earlier.asked:
        if any(state not in {"right", "not-asked"} for state in item.seen.values()):
            yield item.id
    for finding in (*earlier.findings, *earlier.lagging):
        yield from _to_see_again(finding, known)
    for unchecked in earlier.could_not_check:
        yield unchecked.id


def _in_zones(expectations: Expectations, ids: set[str]) -> Iterator[str]:
    """One record of each declared zone among the ids: with it the zone's servers are asked again."""
    names = {zone.name for zone in expectations.zones if zone.id in ids}
    if names:
        zones = ZoneGroups(expectations)
        for record in sorted(expectations.records, key=lambda record: record.id):
            if (zone := zones.zone_of(record.name)) in names:
                names.discard(zone)
                yield record.id


def _to_see_again(finding: FindingDocument, known: Mapping[str, str]) -> Iterable[str]:
    """All that an error affects; of what is only worth knowing about a server or zone, one name shows whether it is still so."""
    if finding.severity == "error" or finding.id in known:
        return (finding.id, *(finding.affects if finding.severity == "error" else ()))
    return sorted(one for one in finding.affects if one in known)[:1]


def _expiring(expectations: Expectations, earlier: ResultDocument, now: datetime) -> Iterator[str]:
    renewals = {endpoint.id: endpoint.tls.renewal for endpoint in expectations.endpoints}
    for seen in earlier.certificates:
        renewal = renewals.get(seen.id)
        if renewal is not None and renewal.reminder(seen.not_before, seen.not_after) - _AHEAD <= now:
            yield seen.id


def _changed(expectations: Expectations, known: Mapping[str, str]) -> Iterator[str]:
    """Whatever has another digest than then, or none; of a changed zone all that is in it."""
    from linkproof.shards.identity import digests

    current = digests(expectations)
    yield from (one for one, digest in current.items() if known.get(one) != digest)
    changed = {zone.name for zone in expectations.zones if known.get(zone.id, current[zone.id]) != current[zone.id]}
    if changed:
        zones = ZoneGroups(expectations)
        yield from (record.id for record in expectations.records if zones.zone_of(record.name) in changed)
        yield from (item.id for item in expectations.caa if zones.zone_of(f"{item.host}.") in changed)
        yield from (item.id for item in expectations.endpoints if zones.zone_of(f"{item.host}.") in changed)


def _turn(units: list[str], share: int, run: int) -> list[str]:
    """Whose turn it is; with few names somebody's, so that no run asks nothing."""
    numbers = {unit: int.from_bytes(hashlib.sha256(unit.encode()).digest(), "big") for unit in units}
    found = [unit for unit in units if numbers[unit] % share == run % share]
    return found or [sorted(units, key=numbers.__getitem__)[run % len(units)]] if units else []


def _only(expectations: Expectations, asked: set[str], urgency: Mapping[str, int]) -> Expectations:
    def first(item_id: str) -> int:
        return urgency[item_id]

    return expectations.model_copy(
        update={
            "records": tuple(sorted((r for r in expectations.records if r.id in asked), key=lambda r: first(r.id))),
            "caa": tuple(sorted((c for c in expectations.caa if c.id in asked), key=lambda c: first(c.id))),
            "endpoints": tuple(sorted((e for e in expectations.endpoints if e.id in asked), key=lambda e: first(e.id))),
            "previous": tuple(item for item in expectations.previous if item.record in asked),
        }
    )
