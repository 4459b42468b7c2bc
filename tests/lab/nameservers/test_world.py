"""The zones that a lab has before anyone deploys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.world import CustomerZone, ReservedZoneError, UnknownDnsHostError, seed


@pytest.fixture
def settings(tmp_path) -> LabSettings:
    return LabSettings(tmp_path)


@pytest.fixture
def store(settings):
    opened = Store(settings.database)
    yield opened
    opened.close()


def test_every_zone_is_delegated_from_its_nearest_parent_to_the_servers_it_has(store, settings):
    customers = [
        CustomerZone("a", "example.com", "route53"),
        CustomerZone("b", "deep.sub.example.com", "cloudflare"),
        CustomerZone("c", "example.co.jp", "manual"),
    ]
    seed(store, settings, list(reversed(customers)))
    zones = {zone.name: zone for zone in store.zones()}
    parents = {"deep.sub.example.com": "example.com", "example.co.jp": "jp", "com": "", "sendgrid.net": "net"}
    for child, parent in parents.items():
        delegation = store.rrset(zones[parent].id, child, "NS")
        assert delegation.data == tuple(f"{name}." for name, _ in zones[child].servers)
    for zone in zones.values():
        assert zone.servers
        for name, address in zone.servers:
            holder = zones[name.split(".", name.count(".") - 1)[-1]]
            assert store.rrset(holder.id, name, "A").data == (address,), "the server's own name leads to it"


def test_seeding_again_changes_nothing(store, settings):
    zones = [CustomerZone("a", "example.com", "route53", {"minimum": 300}), CustomerZone("b", "example.org", "manual")]
    seed(store, settings, zones)
    before, versions = store.zones(), len(list(store.versions_after(0)))
    seed(store, settings, zones)
    assert (store.zones(), len(list(store.versions_after(0)))) == (before, versions)


def test_a_zone_that_left_the_list_keeps_its_records_and_its_delegation(store, settings):
    seed(store, settings, [CustomerZone("a", "example.com", "route53")])
    store.set_rrsets("a", [("www.example.com", "A", 300, ("192.0.2.1",))])
    seed(store, settings, [])
    assert store.rrset("a", "www.example.com", "A")
    assert store.rrset("com", "example.com", "NS")


def test_a_zone_that_moves_to_another_host_is_delegated_there(store, settings):
    seed(store, settings, [CustomerZone("a", "example.com", "manual")])
    seed(store, settings, [CustomerZone("b", "example.com", "cloudflare")])
    assert store.rrset("com", "example.com", "NS").data == ("ada.ns.cloudflare.lab.", "bob.ns.cloudflare.lab.")


def test_a_lab_that_moves_to_another_net_takes_its_customers_zones_along(store, settings):
    seed(store, settings, [CustomerZone("a", "example.com", "route53", {"minimum": 300})])
    moved = replace(settings, net=99)
    seed(store, moved, [])
    zone = store.zone("a")
    assert tuple(address for _, address in zone.servers) == moved.server_addresses("route53")
    assert zone.soa["minimum"] == 300
    assert store.rrset("awsdns.lab", "ns-1.awsdns.lab", "A").data == (moved.server_addresses("route53")[0],)


def test_an_idn_zone_is_served_under_its_a_label(store, settings):
    seed(store, settings, [CustomerZone("a", "Bücher.example.", "manual")])
    assert store.zone("a").name == "xn--bcher-kva.example"
    assert store.rrset("example", "xn--bcher-kva.example", "NS")


@pytest.mark.parametrize(
    ("zone", "error"),
    [
        (CustomerZone("x", "sendgrid.net", "manual"), ReservedZoneError),
        (CustomerZone("com", "example.com", "manual"), ReservedZoneError),
        (CustomerZone("x", "net", "manual"), ReservedZoneError),
        (CustomerZone("x", "example.net", "bind"), UnknownDnsHostError),
    ],
)
def test_the_labs_own_zones_and_unknown_hosts_are_refused(store, settings, zone, error):
    with pytest.raises(error):
        seed(store, settings, [zone])


def test_a_zone_that_changed_its_host_is_one_zone_and_comes_back_empty_with_a_higher_serial(store, settings):
    by_hand, hosted = CustomerZone("example.org", "example.org", "manual"), CustomerZone("Z1", "example.org", "route53")
    other = CustomerZone("b", "example.com", "cloudflare")
    seed(store, settings, [by_hand, other])
    store.set_rrsets("example.org", [("url1.example.org", "CNAME", 300, ("sendgrid.net.",))])
    serial = store.zone("example.org").serial
    seed(store, settings, [hosted])
    assert [(zone.id, zone.host) for zone in store.zones() if zone.name == "example.org"] == [("Z1", "route53")]
    assert store.zone("b") is not None, "one that is only not in the list stays"
    delegation = store.rrset({zone.name: zone.id for zone in store.zones()}["org"], "example.org", "NS")
    assert delegation.data[0].endswith(".awsdns.lab.")
    seed(store, settings, [by_hand])
    back = store.zone("example.org")
    assert (store.zone("Z1"), store.current("example.org")) == (None, [])
    assert back.serial > serial
