"""Zones of several sources as one list: a name once, and what does not agree said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from linkproof import registry
from linkproof.contract.seen import BY_HAND, SeenRecord, SeenZone


@dataclass(slots=True)
class Zones:
    """Every zone once.

    Args:
        by_name: the zone as it may be declared; `dns` is empty where sources disagree about who serves it.
        doubts: by name, why a person must decide.
        homeless: records whose zone no source names.
    """

    by_name: dict[str, SeenZone] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)
    homeless: tuple[SeenRecord, ...] = ()

    def of(self, host: str) -> SeenZone | None:
        """The longest zone that holds this host, by whole labels."""
        labels = host.split(".")
        names = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self.by_name[name] for name in names if name in self.by_name), None)

    def records(self) -> Iterator[SeenRecord]:
        for zone in self.by_name.values():
            yield from zone.records
        yield from self.homeless


def merged(zones: Iterable[SeenZone], named: Iterable[str]) -> Zones:
    """One zone for each name.

    Args:
        named: zones that a person named: they exist, whoever serves them.
    """
    found = Zones()
    groups: defaultdict[str, list[SeenZone]] = defaultdict(list)
    nameless: list[SeenZone] = []
    for zone in zones:
        (groups[zone.name] if zone.name else nameless).append(zone)
    for name in named:
        if not groups[name]:
            groups[name].append(_by_id(name, nameless))
    for name, same in sorted(groups.items()):
        served = sorted({(zone.dns, zone.id, zone.account) for zone in same if zone.dns != BY_HAND})
        served = [one for one in served if one[1] or not any(o[0] == one[0] and o[1] for o in served)]
        records = tuple(dict.fromkeys(record for zone in same for record in zone.records))
        source = ", ".join(dict.fromkeys(zone.source for zone in same))
        dns, zone_id, account = served[0] if served else (BY_HAND, "", "default")
        if len(served) > 1:
            found.doubts[name] = "seen at " + " and at ".join(f"{one[0]} {one[1]}".strip() for one in served)
            hosts = {one[0] for one in served}
            dns, zone_id = (dns if len(hosts) == 1 else ""), ""
        elif doubt := next((zone.doubt for zone in same if zone.doubt), ""):
            found.doubts[name] = doubt
        found.by_name[name] = SeenZone(name, source, dns, zone_id, account, records)
    found.homeless = tuple(record for zone in nameless for record in zone.records if found.of(record.name) is None)
    return found


def _by_id(name: str, nameless: list[SeenZone]) -> SeenZone:
    """The zone that a source knows by its id alone, where all of its records are in the zone of this name."""
    for zone in nameless:
        if zone.records and all(one.name == name or one.name.endswith(f".{name}") for one in zone.records):
            return replace(zone, name=name)
    return SeenZone(name, "no source; a person named it")


def needs_id(zone: SeenZone) -> bool:
    """Whether its DNS host tells zones apart by an id that nothing told."""
    return bool(zone.dns) and registry.dns(zone.dns).facts.ZONE_ID is not None and not zone.id
