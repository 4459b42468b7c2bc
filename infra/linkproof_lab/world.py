"""The lab's small internet before anyone deploys: root, TLDs, vendors, name servers, and the customer's empty zones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from linkproof.errors import LinkproofError
from linkproof.names import HostName

from linkproof_lab.service import service, services
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store, Zone

TTL_SECONDS = 300
IPV6_ADDRESS = "::1"

RRsetChanges = list[tuple[str, str, int, tuple[str, ...]]]


class UnknownDnsHostError(LinkproofError):
    """A customer zone names a DNS host that the lab does not play."""

    def __init__(self, zone: str, host: str) -> None:
        super().__init__(f"zone {zone}: the lab has no DNS host {host!r}", f"use one of {', '.join(customer_hosts())}")
        self.zone = zone
        self.host = host


class ReservedZoneError(LinkproofError):
    """A customer zone would replace a zone that the lab itself needs."""

    def __init__(self, zone: str) -> None:
        super().__init__(f"zone {zone!r} belongs to the lab itself", "give the customer's zone another name and id")
        self.zone = zone


@dataclass(frozen=True, slots=True)
class CustomerZone:
    """A zone that the declaration names.

    Args:
        id: as the DNS host's API knows it.
        name: the apex, as a person writes it: any case, U-labels, with or without the trailing dot.
        host: a key of the registry's `DNS`.
        soa: what differs from the store's default SOA, in seconds.
    """

    id: str
    name: str
    host: str
    soa: dict[str, int] | None = None


Servers = tuple[tuple[str, str], ...]


def customer_hosts() -> tuple[str, ...]:
    """The DNS hosts that customers' zones may be on."""
    return tuple(host.name for host in services("dns"))


def servers_of(host: str, settings: LabSettings) -> Servers:
    """Name and IPv4 address of each server that a zone on this host is delegated to, in order.

    Args:
        host: a DNS host's name, or `root`, `tld`, `vendor`.
    """
    own = {
        "root": (("a.root-servers.lab", "b.root-servers.lab"), settings.root_servers),
        "tld": (("a.tld-servers.lab", "b.tld-servers.lab"), settings.tld_servers),
        "vendor": (("ns1.vendor-dns.lab", "ns2.vendor-dns.lab"), settings.vendor_servers),
    }
    if host in own:
        return tuple(zip(*own[host], strict=True))
    servers = service(f"dns/{host}").facts.servers
    return tuple((server.name, settings.address(*server.at)) for server in servers)


def ipv6_server() -> str | None:
    """The name of the one server that also listens on [::1]."""
    return next((server.name for host in services("dns") for server in host.facts.servers if server.ipv6), None)


def _server_zones() -> dict[str, str]:
    """The zone that holds each host's server names. It is served by those servers themselves, so its delegation carries glue."""
    own = {"root-servers.lab": "root", "tld-servers.lab": "tld", "vendor-dns.lab": "vendor"}
    names = {host.name: host.facts.servers[0].name for host in services("dns") if host.facts.servers}
    return {**own, **{".".join(name.split(".")[-2:]): host for host, name in names.items()}}


def _vendor_zones(settings: LabSettings) -> dict[str, RRsetChanges]:
    """The services' own zones, with what they hold from the start."""
    found: dict[str, RRsetChanges] = {}
    for one in services():
        module = one.file("zones")
        if module is not None:
            found |= {name: list(rrsets) for name, rrsets in module.zones(settings).items()}
    return found


def seed(store: Store, settings: LabSettings, customer_zones: list[CustomerZone]) -> None:
    """Create what is missing and bring delegations up to date; seeding the same again changes nothing.

    A zone that is no longer in the list keeps its records and its delegation, unless one in the list has its name: a
    zone that changed its host is one zone.

    Raises:
        UnknownDnsHostError: a zone's host is none that the lab plays.
        InvalidHostNameError: a zone's name is none.
        ReservedZoneError: a zone has the name or the id of one of the lab's own zones.
    """
    zones = sorted((_normalised(zone) for zone in customer_zones), key=lambda zone: zone.name.count("."))
    ids_by_name = {zone.name: zone.id for zone in zones}
    for old in store.zones():
        if old.host in customer_hosts() and ids_by_name.get(old.name, old.id) != old.id:
            store.remove_zone(old.id)
    _follow_addresses(store, settings, {zone.id for zone in zones})
    changes: dict[str, RRsetChanges] = defaultdict(list)
    own = _own_zones(settings, zones)
    for name, host, servers in own:
        store.ensure_zone(name or "root", name, host, servers)
    reserved = {name for name, _, _ in own} | {"root"}
    for zone in zones:
        if zone.name in reserved or zone.id in reserved:
            raise ReservedZoneError(zone.name)
        store.ensure_zone(zone.id, zone.name, zone.host, servers_of(zone.host, settings), zone.soa)

    ids = {zone.name: zone.id for zone in store.zones() if zone.servers}
    for name, _, servers in own:
        if name:
            _delegate(changes, ids, name, servers)
    for zone in zones:
        _delegate(changes, ids, zone.name, servers_of(zone.host, settings))
    for name, host in _server_zones().items():
        changes[name] += _addresses(servers_of(host, settings))
    changes["root"] += _addresses(servers_of("root", settings))
    for name, rrsets in _vendor_zones(settings).items():
        changes[name] += rrsets
    for zone_id, rrsets in changes.items():
        store.set_rrsets(zone_id, list(dict.fromkeys(rrsets)))


def _normalised(zone: CustomerZone) -> CustomerZone:
    name = HostName.parse(zone.name).text
    if zone.host not in customer_hosts():
        raise UnknownDnsHostError(name, zone.host)
    if "." not in name:
        raise ReservedZoneError(name)
    return CustomerZone(zone.id, name, zone.host, zone.soa)


def _own_zones(settings: LabSettings, customer_zones: list[CustomerZone]) -> list[tuple[str, str, Servers]]:
    """Name, host and servers of every zone that is not a customer's, parents first."""
    names = [*_vendor_zones(settings), *_server_zones(), *(zone.name for zone in customer_zones)]
    tlds = dict.fromkeys(name.rsplit(".", 1)[-1] for name in names)
    return [
        ("", "root", servers_of("root", settings)),
        *((tld, "tld", servers_of("tld", settings)) for tld in tlds),
        *((name, "vendor", servers_of(host, settings)) for name, host in _server_zones().items()),
        *((name, "vendor", servers_of("vendor", settings)) for name in _vendor_zones(settings)),
    ]


def _delegate(changes: dict[str, RRsetChanges], ids: dict[str, str], child: str, servers: Servers) -> None:
    """NS in the nearest parent that exists, and glue where a server's name lies inside the child (RFC 9471)."""
    parent = child
    while True:
        parent = parent.partition(".")[2]
        if parent in ids:
            break
    rrsets = changes[ids[parent]]
    rrsets.append((child, "NS", TTL_SECONDS, tuple(f"{name}." for name, _ in servers)))
    rrsets += _addresses((name, address) for name, address in servers if name.endswith(f".{child}"))


def _addresses(servers: Iterable[tuple[str, str]]) -> RRsetChanges:
    changes: RRsetChanges = []
    for name, address in servers:
        changes.append((name, "A", TTL_SECONDS, (address,)))
        if name == ipv6_server():
            changes.append((name, "AAAA", TTL_SECONDS, (IPV6_ADDRESS,)))
    return changes


def _follow_addresses(store: Store, settings: LabSettings, listed: set[str]) -> None:
    """Zones of an earlier seed are served at today's addresses, even when the lab has moved to another net."""
    for zone in store.zones():
        if zone.host in customer_hosts() and zone.id not in listed and zone.servers != _moved(zone, settings):
            store.ensure_zone(zone.id, zone.name, zone.host, _moved(zone, settings), zone.soa)


def _moved(zone: Zone, settings: LabSettings) -> Servers:
    addresses = dict(servers_of(zone.host, settings))
    return tuple((name, addresses.get(name, address)) for name, address in zone.servers)
