"""From what was seen to entries of a declaration. What could not be told is left out and said; nothing is guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from linkproof import registry
from linkproof.contract.declared import DEFAULT_ACCOUNT
from linkproof.contract.seen import SeenBrand, SeenRecord, SeenZone
from linkproof.discover.clues import Clue, clue_of
from linkproof.discover.entries import Composed, Entry, Note, Value
from linkproof.discover.existing import Existing
from linkproof.discover.keys import Keys
from linkproof.discover.model import HostSeen, Seen
from linkproof.discover.zones import Zones, merged, needs_id
from linkproof.known import known_name, title_of
from linkproof.names import HostName, InvalidHostNameError
from linkproof.show import show

_DEFAULT_TTL_SECONDS = 300
_LEFT_OUT = "left out, because nothing told it:"


def candidates(seen: Seen) -> tuple[str, ...]:
    """The hosts worth a look from outside: those that a person named, and those whose target somebody known has."""
    found = merged(seen.zones, seen.named_zones)
    by_name = _by_name(found)
    names = [name for name, records in by_name.items() if _is_candidate(records, by_name)]
    names += [brand.host for brand in seen.brands]
    return tuple(dict.fromkeys((*seen.hosts, *(name for name in names if _is_host(name)))))


def compose(seen: Seen, looked: Mapping[str, HostSeen], existing: Existing) -> Composed:
    """What to write beside what a file has already.

    Args:
        looked: by host, what it shows from outside; empty where nobody looked.
        existing: what the declaration has.
    """
    return _Composer(seen, looked, existing, merged(seen.zones, seen.named_zones), Keys(existing.keys)).composed()


def _is_candidate(records: list[SeenRecord], by_name: Mapping[str, list[SeenRecord]]) -> bool:
    return any(known_name(record.target) or _through(record, by_name) for record in records)


def _by_name(zones: Zones) -> dict[str, list[SeenRecord]]:
    found: defaultdict[str, list[SeenRecord]] = defaultdict(list)
    for record in zones.records():
        found[record.name].append(record)
    return dict(sorted(found.items()))


def _through(record: SeenRecord, by_name: Mapping[str, list[SeenRecord]]) -> str:
    """The known name at the end of a chain of records that were seen; empty where there is none."""
    name = record.target
    for _ in range(8):
        following = by_name.get(name)
        if following is None or len({one.target for one in following}) != 1:
            return ""
        name = following[0].target
        if known_name(name):
            return name
    return ""


def _is_host(name: str) -> bool:
    try:
        HostName(name)
    except InvalidHostNameError:
        return False
    return True


@dataclass(slots=True)
class _Composer:
    seen: Seen
    looked: Mapping[str, HostSeen]
    existing: Existing
    zones: Zones
    keys: Keys
    entries: list[Entry] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    used_zones: dict[str, SeenZone] = field(default_factory=dict)
    used_edges: dict[tuple[str, str], str] = field(default_factory=dict)
    used_owners: set[str] = field(default_factory=set)
    owners: dict[str, list[SeenRecord]] = field(default_factory=dict)
    owners_on: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    brands: dict[str, SeenBrand] = field(default_factory=dict)

    def composed(self) -> Composed:
        by_name = _by_name(self.zones)
        hosts = {name: records for name, records in by_name.items() if _is_candidate(records, by_name)}
        self.brands = {brand.host: brand for brand in self.seen.brands}
        for host in (*self.seen.hosts, *self.brands):
            hosts.setdefault(host, by_name.get(host, []))
        self.owners = {name: records for name, records in hosts.items() if self._is_owner(records)}
        for name in self.owners:
            self.owners_on[name.partition(".")[2]].append(name)
        clues: dict[str, Clue] = {}
        for name in sorted(hosts):
            if name in self.owners or self.existing.has_host(name):
                self._target(name, [record.target for record in hosts[name]])
                continue
            if (clue := self._clue(name, hosts[name], by_name)) is not None:
                clues[name] = clue
        for section, of in (("links", True), ("tracking_hosts", False)):
            chosen = {name: clue for name, clue in clues.items() if (clue.tracking == "") is of}
            for name, key in self.keys.chosen(section, list(chosen)).items():
                self._link(key, chosen[name]) if of else self._tracking(key, chosen[name])
        self._lonely_owners()
        self._zone_entries()
        self._homeless()
        order = ("zones", "edges", "links", "tracking_hosts")
        self.entries.sort(key=lambda entry: order.index(entry.section))
        return Composed(tuple(self.entries), tuple(dict.fromkeys(self.notes)), self.targets)

    # what a host is ---------------------------------------------------------------------------
    def _is_owner(self, records: list[SeenRecord]) -> bool:
        if len(records) != 1 or records[0].is_alias or records[0].is_proxied or records[0].doubt:
            return False
        known = known_name(records[0].target)
        if known is None or known.kind != "sender" or known.is_own or known.is_managed:
            return False
        discover = registry.sender(known.plugin).discover
        return discover is not None and discover.is_owner_host(records[0].name)

    def _clue(self, name: str, records: list[SeenRecord], by_name: Mapping[str, list[SeenRecord]]) -> Clue | None:
        """What a host is; None, after saying so, where it cannot be an entry."""
        brand = self.brands.get(name)
        named = name in self.seen.hosts or brand is not None
        if not _is_host(name):
            self._note(name, records, "is no host name, so it cannot be declared")
            return None
        zone = self.zones.of(name)
        if zone is not None and zone.name == name:
            self._note(name, records, "is the apex of its zone, where no CNAME can stand: it cannot be declared")
            return None
        if records and not known_name(records[0].target) and (end := _through(records[0], by_name)):
            self._note(name, records, f"reaches {show(end)} by another CNAME; a declared one leads there at once")
            return None
        edges = [
            edge for edge in self.seen.edges if name in edge.hosts or any(r.target == edge.target for r in records)
        ]
        clue, refused = clue_of(name, records, edges, self.looked.get(name), zone)
        refused = refused or (brand.refused if brand is not None else "")
        if refused:
            self._note(name, records, refused)
            return None
        if brand is not None and not clue.tracking and clue.sender in ("", brand.sender):
            clue = replace(clue, sender=brand.sender, region=clue.region or brand.region)
        if clue.edge and not clue.sender and not named:
            title = title_of("edge", clue.edge)
            self._note(name, records, f"is served by {title}, and nothing told which sender is behind it")
            return None
        if not clue.sender and not clue.tracking and not named:
            return None
        return clue

    def _note(self, name: str, records: Sequence[SeenRecord], words: str) -> None:
        targets = ", ".join(dict.fromkeys(show(record.target) for record in records))
        leads = f" → {targets}" if targets else ""
        self.notes.append(Note("links", f"{show(name)}{leads}: {words}"))

    # entries ----------------------------------------------------------------------------------
    def _link(self, key: str, clue: Clue) -> None:
        fields: dict[str, Value] = {}
        comments, left_out = list(clue.comments), list[str]()
        brand = self.brands.get(clue.host)
        if brand is not None and brand.sender == clue.sender:
            comments += [f"seen in {show(brand.source)}", *brand.notes]
        if clue.sender:
            fields["sender"] = clue.sender
            if clue.region and clue.region != _default_region(clue.sender):
                fields["region"] = clue.region
        else:
            left_out.append("sender")
        fields["click_host"] = clue.host
        self._owner_host(clue, fields, comments, left_out)
        if clue.edge:
            fields["edge"] = self._edge(clue)
        if clue.phase:
            fields["phase"] = clue.phase
        else:
            left_out.append("phase")
        if clue.ttl_seconds not in {None, _DEFAULT_TTL_SECONDS}:
            fields["ttl_seconds"] = clue.ttl_seconds or 0
        if clue.families:
            fields["record"] = "alias"
            comments.append("an alias leads it to its edge, and no phase step is made before that is a CNAME")
            if clue.families != (4,):
                fields["families"] = clue.families
        self._use_zone(clue.host)
        if left_out:
            comments.append(f"{_LEFT_OUT} {', '.join(dict.fromkeys(left_out))}")
        self._target(clue.host, [clue.edge_target or clue.target])
        self.entries.append(Entry("links", key, fields, tuple(comments), tuple(dict.fromkeys(left_out))))

    def _target(self, host: str, targets: list[str]) -> None:
        if len(set(targets)) == 1 and (known := known_name(targets[0])) is not None and known.kind == "edge":
            self.targets[host] = targets[0]

    def _owner_host(self, clue: Clue, fields: dict[str, Value], comments: list[str], left_out: list[str]) -> None:
        discover = registry.sender(clue.sender).discover if clue.sender else None
        if discover is None or not discover.HAS_OWNER_HOSTS:
            return
        brand = self.brands.get(clue.host)
        if brand is not None and brand.sender == clue.sender and (brand.is_legacy or brand.owner_host):
            if brand.is_legacy:
                fields["legacy"] = True
                return
            fields["owner_host"] = brand.owner_host
            self.used_owners.add(brand.owner_host)
            self._use_zone(brand.owner_host)
            return
        domain = clue.host.partition(".")[2]
        labels = clue.host.split(".")
        above = [".".join(labels[start:]) for start in range(1, len(labels))]
        fitting = [
            name
            for name in (name for each in above for name in self.owners_on.get(each, ()))
            if (known := known_name(self.owners[name][0].target)) is not None
            and (known.plugin, known.region) == (clue.sender, clue.region or known.region)
        ]
        near = [name for name in fitting if name.partition(".")[2] == domain]
        if len(near) == 1:
            fields["owner_host"] = near[0]
            self._region_of_owner(near[0], clue, fields)
            self.used_owners.add(near[0])
            self._use_zone(near[0])
            owner = self.owners[near[0]][0]
            if owner.ttl_seconds not in {None, clue.ttl_seconds or _DEFAULT_TTL_SECONDS}:
                comments.append(f"{near[0]} has a TTL of {owner.ttl_seconds} s; a declared owner host has its link's")
            return
        left_out.append("owner_host")
        if clue.edge and not clue.region:
            comments.append("decide: `region`, where the sender's account is not in its default one: the edge hides it")
        if fitting:
            self.used_owners.update(fitting)
            shown = ", ".join(fitting[:5]) + (f" and {len(fitting) - 5} more" if len(fitting) > 5 else "")
            comments.append(f"owner_host: choose the one of the sender's page for this link: {shown}")
        else:
            comments.append(
                "owner_host: none was seen on this domain; the sender's page shows it, or one record: `legacy: true`"
            )

    def _region_of_owner(self, owner: str, clue: Clue, fields: dict[str, Value]) -> None:
        """An edge hides where the sender's account is; the owner host leads there in every phase."""
        known = known_name(self.owners[owner][0].target)
        if known is not None and not clue.region and known.region not in {"", _default_region(clue.sender)}:
            fields["region"] = known.region

    def _tracking(self, key: str, clue: Clue) -> None:
        fields: dict[str, Value] = {"provider": clue.tracking, "host": clue.host}
        if clue.ttl_seconds not in {None, _DEFAULT_TTL_SECONDS}:
            fields["ttl_seconds"] = clue.ttl_seconds or 0
        fields["state"] = "in-use"  # its record is there
        self._use_zone(clue.host)
        self.entries.append(Entry("tracking_hosts", key, fields, clue.comments))

    def _edge(self, clue: Clue) -> str:
        """The key of the edge that this link shares with others of its provider and account."""
        zone = self.zones.of(clue.host)
        account = DEFAULT_ACCOUNT
        plugin = registry.edge(clue.edge)
        if not plugin.facts.HAS_ACCOUNT and zone is not None:
            account = zone.account  # the edge belongs to the zone
        there = self.existing.edge_key(clue.edge, account)
        if there:
            return there
        if (clue.edge, account) not in self.used_edges:
            wanted = clue.edge if account == DEFAULT_ACCOUNT else f"{clue.edge}-{account}"
            key = self.keys.free("edges", wanted)
            self.used_edges[clue.edge, account] = key
            fields: dict[str, Value] = {"provider": clue.edge}
            if account != DEFAULT_ACCOUNT:
                fields["account"] = account
            comments = []
            if "rulesets" in plugin.options.model_fields:
                comments.append("decide: `rulesets: external` where somebody else owns the zone's rulesets")
            if plugin.facts.HAS_ACCOUNT:
                comments.append("decide: `account`, where it is not the environment's own")
            self.entries.append(Entry("edges", key, fields, tuple(comments)))
        return self.used_edges[clue.edge, account]

    def _use_zone(self, host: str) -> None:
        if self.existing.has_zone_of(host):
            return
        zone = self.zones.of(host)
        if zone is None:
            parent = host.partition(".")[2]
            self.notes.append(Note("zones", f"{parent}, or a name above it: the zone of {host}, which no source names"))
            return
        self.used_zones[zone.name] = zone

    def _zone_entries(self) -> None:
        for name, zone in sorted(self.used_zones.items()):
            fields: dict[str, Value] = {}
            comments, left_out = [f"seen in {show(zone.source)}"], []
            if zone.dns:
                fields["dns"] = zone.dns
            else:
                left_out.append("dns")
            if zone.id:
                fields["id"] = zone.id
            elif needs_id(zone):
                left_out.append("id")
            if zone.account != DEFAULT_ACCOUNT and zone.dns:
                fields["account"] = zone.account
            if name in self.zones.doubts:
                comments.append(f"decide: {self.zones.doubts[name]}; the delegation says which")
            if zone.dns and registry.dns(zone.dns).is_by_hand:
                comments.append(
                    "decide: `dns`, if its DNS host's API may be used; as it is, people publish its records"
                )
            if left_out:
                comments.append(f"{_LEFT_OUT} {', '.join(left_out)}")
            self.entries.append(Entry("zones", name, fields, tuple(comments), tuple(left_out)))

    def _lonely_owners(self) -> None:
        for name, records in self.owners.items():
            if name not in self.used_owners and not self.existing.has_host(name):
                self._note(name, records, "looks like an owner host, and no click host was seen on its domain")

    def _homeless(self) -> None:
        ids = sorted({record.zone_id for record in self.zones.homeless if record.zone_id})
        self.notes += [
            Note("zones", f"the zone with id {show(zone_id)}: no source names it; run it again with `--zone NAME`")
            for zone_id in ids
        ]


def _default_region(sender: str) -> str:
    field_ = registry.sender(sender).options.model_fields.get("region")
    return str(field_.default) if field_ is not None else ""
