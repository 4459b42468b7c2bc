"""What the expectations say around a record: its zone, its past, and the other declared names on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.judge.record_context import RecordContext
from linkproof.verify.values import canonical_value

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import Expectations, PreviousRecord, RecordExpectation, ZoneExpectation
    from linkproof.verify.judge.record_context import Signatures
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.observe.port import Moment


class RecordContexts:
    """Looks records up among all expectations."""

    def __init__(self, expectations: Expectations) -> None:
        self._past: dict[str, tuple[PreviousRecord, ...]] = {}
        for item in expectations.previous:
            self._past[item.record] = (*self._past.get(item.record, ()), item)
        self._seen: dict[str, tuple[int, Signatures]] = {}
        self._asked_at: datetime | None = None
        self._edges = {
            f"{one.host}.": (one.edge or "", one.phase)
            for one in expectations.endpoints
            if one.sender and not one.standby
        }
        self._zones = {zone.name: zone for zone in expectations.zones}
        self._names = {record.name for record in expectations.records}
        self._leads: dict[str, set[str]] = {}
        for record in expectations.records:
            self._leads.setdefault(record.name, set()).update(_targets(record))

    def context(self, record: RecordExpectation, moment: Moment) -> RecordContext:
        zone, past = self.zone_around(record.name), self._past.get(record.id, ())
        negative_seconds, signatures = self._seen.get(record.id, (0, "none"))
        edge, phase = self._edges.get(record.name, ("", ""))
        return RecordContext(
            zone, past, moment.reach, moment.now, negative_seconds, signatures, edge, phase, self._asked_at
        )

    def begin(self, moment: Moment) -> None:
        """The records are asked for from this moment on."""
        self._asked_at = moment.now

    def saw(self, record_id: str, negative_seconds: int, signatures: Signatures) -> None:
        """Keep what the authorities showed of the zones on a record's way, for judging what resolvers make of it."""
        self._seen[record_id] = (negative_seconds, signatures)

    def zone(self, name: str) -> ZoneExpectation | None:
        """The declared zone of exactly this name."""
        return self._zones.get(name)

    def zone_around(self, name: str) -> ZoneExpectation | None:
        """The declared zone that a name should stand in."""
        labels = name.rstrip(".").split(".")
        around = (".".join(labels[position:]) + "." for position in range(len(labels)))
        return next((self._zones[zone] for zone in around if zone in self._zones), None)

    def is_signed(self, record: RecordExpectation) -> bool:
        zone = self.zone_around(record.name)
        return zone is not None and zone.dnssec == "signed"

    def passed(self, record: RecordExpectation, target: Resolved | None) -> frozenset[str]:
        """The declared names that whoever looks for the record's address comes to, its own first of all.

        Args:
            target: where the record's CNAME leads by its authorities, where that is known.
        """
        names, following = {record.name}, [*_targets(record), *(target.chain if target else ())]
        while following:
            name = following.pop()
            if name in self._names and name not in names:
                names.add(name)
                following += self._leads[name]
        return frozenset(names)


def _targets(record: RecordExpectation) -> list[str]:
    return [canonical_value("CNAME", value) for value in record.values] if record.type == "CNAME" else []
