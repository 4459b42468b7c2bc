"""Which part of the expectations is whose, the same on every machine.

A shard is a share of the zones: the zone's name (as it goes on the wire, lower case, with its trailing dot), its SHA-256 as one big-endian
number, modulo how many shards there are. Zones that a declared CNAME connects stay together, under the name that sorts first: a resolver is
asked for the name only once all that it leads to is right. Everything of a zone is where the zone is.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkproof.errors import LinkproofError
from linkproof.registrable import registrable_domain
from linkproof.shards.joined import Joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkproof.expectations.model import Expectations

# More than there are zones is of no use, and a result lists every shard that is missing.
MOST_SHARDS = 10_000
_SHARD = re.compile(r"([1-9][0-9]{0,4})/([1-9][0-9]{0,4})")


class InvalidShardError(LinkproofError):
    """The text names no shard."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"shard {text!r}: {reason}", "write K/N, the first of three shards being 1/3")
        self.text = text
        self.reason = reason


@dataclass(frozen=True, slots=True, order=True)
class Shard:
    """One of so many parts.

    Args:
        number: which, from 1.
        total: how many there are.

    Raises:
        InvalidShardError: there is no such shard, or there are more than `MOST_SHARDS`.
    """

    number: int = 1
    total: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.total <= MOST_SHARDS:
            raise InvalidShardError(str(self), f"there are 1 to {MOST_SHARDS:,} shards")
        if not 1 <= self.number <= self.total:
            raise InvalidShardError(str(self), f"shards are counted from 1 to {self.total}")

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read `K/N`.

        Raises:
            InvalidShardError: it is something else.
        """
        match = _SHARD.fullmatch(text.strip())
        if match is None:
            raise InvalidShardError(text, "not K/N with two whole numbers from 1")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.total}"

    def has(self, name: str) -> bool:
        """Whether what goes by this name is in the shard."""
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest, "big") % self.total == self.number - 1


WHOLE = Shard()


def part_of(expectations: Expectations, shard: Shard) -> Expectations:
    """What of the expectations is this shard's: together the shards have all of it, each thing once.

    What is pending goes by its id, and the past of a record goes with the record.
    """
    if shard.total == 1:
        return expectations
    groups = ZoneGroups(expectations)
    own: dict[str, bool] = {}

    def has(name: str) -> bool:
        group = groups.of(name)
        if group not in own:
            own[group] = shard.has(group)
        return own[group]

    records = tuple(record for record in expectations.records if has(record.name))
    ids, all_ids = {record.id for record in records}, {record.id for record in expectations.records}
    return expectations.model_copy(
        update={
            "zones": tuple(zone for zone in expectations.zones if has(zone.name)),
            "records": records,
            "caa": tuple(item for item in expectations.caa if has(f"{item.host}.")),
            "endpoints": tuple(item for item in expectations.endpoints if has(f"{item.host}.")),
            "pending": tuple(item for item in expectations.pending if shard.has(item.id)),
            "previous": tuple(
                item
                for item in expectations.previous
                if item.record in ids or (item.record not in all_ids and shard.has(item.record))
            ),
        }
    )


class ZoneGroups:
    """The zones of the expectations, joined where a declared CNAME leads from one to another."""

    def __init__(self, expectations: Expectations) -> None:
        self._zones = {zone.name for zone in expectations.zones}
        self._names = {record.name for record in expectations.records}
        self._joined = Joined()
        self._of: dict[str, str] = {}
        for record in expectations.records:
            if record.type == "CNAME":
                self._join(record.name, (f"{value.rstrip('.').lower()}." for value in record.values))

    def of(self, name: str) -> str:
        """The name of the group that holds a DNS name: of its zones' names the one that sorts first."""
        return self._joined.first(self.zone_of(name))

    def zone_of(self, name: str) -> str:
        """The declared zone around a name; where there is none, its registrable domain."""
        if name not in self._of:
            labels = name.rstrip(".").split(".")
            around = (".".join(labels[start:]) + "." for start in range(len(labels)))
            found = next((zone for zone in around if zone in self._zones), None)
            self._of[name] = found or f"{registrable_domain(name.rstrip('.'))}."
        return self._of[name]

    def _join(self, name: str, targets: Iterable[str]) -> None:
        for target in targets:
            if target in self._names:
                self._joined.join(self.zone_of(name), self.zone_of(target))
