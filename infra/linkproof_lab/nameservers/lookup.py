"""What a zone says about a question (RFC 1034 §4.3.2, RFC 4592), as a pure function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from linkproof_lab.nameservers.zoneview import RecordSet, Sets, ZoneView, ancestors
from linkproof_lab.store import Zone

NS_TTL_SECONDS = 300


class Kind(Enum):
    ANSWER = auto()
    CNAME = auto()
    REFERRAL = auto()
    NODATA = auto()
    NXDOMAIN = auto()


@dataclass(frozen=True, slots=True)
class Found:
    kind: Kind
    sets: tuple[RecordSet, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneContent:
    """A zone at one moment: its records, the SOA and NS that follow from the zone itself, and names that a fault replaced."""

    zone: Zone
    view: ZoneView
    replaced: Mapping[str, Sets] = field(default_factory=dict)

    @property
    def soa(self) -> RecordSet:
        zone, soa = self.zone, self.zone.soa
        numbers = " ".join(str(soa[key]) for key in ("refresh", "retry", "expire", "minimum"))
        first_server = zone.servers[0][0] if zone.servers else ""
        rname = f"hostmaster.{zone.name}" if zone.name else "hostmaster"
        return RecordSet(zone.name, "SOA", soa["ttl"], (f"{first_server}. {rname}. {self.view.serial} {numbers}",))

    @property
    def negative_soa(self) -> RecordSet:
        """The SOA of a negative answer, whose TTL is the time that the answer may be kept (RFC 2308 §3)."""
        return replace(self.soa, ttl=min(self.zone.soa["ttl"], self.zone.soa["minimum"]))

    def sets_at(self, name: str) -> Sets:
        if name in self.replaced:
            return self.replaced[name]
        sets = self.view.sets_at(name)
        if name != self.zone.name:
            return sets
        servers = tuple(f"{server}." for server, _ in self.zone.servers)
        return {"NS": RecordSet(name, "NS", NS_TTL_SECONDS, servers), **sets, "SOA": self.soa}

    def exists(self, name: str) -> bool:
        return name == self.zone.name or name in self.replaced or self.view.exists(name)

    def find(self, name: str, rtype: str) -> Found:
        """The zone's own answer for a name in it; `rtype` may be `ANY`."""
        apex = self.zone.name
        inside = [n for n in ancestors(name) if len(n) > len(apex)]
        for cut in reversed(inside):
            ns = self.sets_at(cut).get("NS")
            # DS is the one type that the parent's side of a cut answers (RFC 4035 §3.1.4.1)
            if ns is not None and not (cut == name and rtype == "DS"):
                return Found(Kind.REFERRAL, (ns,))
        if self.exists(name):
            return _at_node(self.sets_at(name), rtype)
        encloser = next((n for n in [*inside, apex] if self.exists(n)), apex)
        wildcard = self.sets_at(f"*.{encloser}" if encloser else "*")
        if not wildcard:
            return Found(Kind.NXDOMAIN)
        found = _at_node(wildcard, rtype)
        return replace(found, sets=tuple(replace(rrset, name=name) for rrset in found.sets))

    def addresses(self, ns: RecordSet) -> list[RecordSet]:
        """A and AAAA of these servers as far as this zone knows them: glue below a cut, data elsewhere."""
        targets = [target.removesuffix(".").lower() for target in ns.data]
        nodes = [self.sets_at(target) for target in targets]
        return [node[rtype] for node in nodes for rtype in ("A", "AAAA") if rtype in node]


def _at_node(sets: Sets, rtype: str) -> Found:
    if rtype == "ANY":
        return Found(Kind.ANSWER, tuple(sets.values())) if sets else Found(Kind.NODATA)
    if rtype in sets:
        return Found(Kind.ANSWER, (sets[rtype],))
    if "CNAME" in sets:
        return Found(Kind.CNAME, (sets["CNAME"],))
    return Found(Kind.NODATA)
