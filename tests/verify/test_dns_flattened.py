"""Addresses where a CNAME is declared: who made them decides what to do about them."""

from __future__ import annotations

import pytest

from tests.verify.edges import endpoint
from tests.verify.world import CLICK, World, errors, expect, record

TARGET, ELSEWHERE = "127.61.10.1", "127.61.10.7"


def ask(world, address, phase="live", below=None):
    for server in (world.first, world.second):
        server.set(CLICK, "CNAME", None)
        server.set(CLICK, "A", [address])
        if below:
            server.set(f"*.{CLICK}", "A", [below])
    probed = endpoint(phase=phase, http="off", https="off", host=CLICK.rstrip("."))
    return world.verify(expect(record(), endpoints=[probed]))


def dns(result):
    return {rule for rule in errors(result) if rule.startswith("dns.")}


@pytest.mark.parametrize(
    ("address", "phase", "rule"),
    [
        (TARGET, "live", "dns.alias-in-place"),
        (TARGET, "secured", "dns.alias-in-place"),
        # before `live` the sender validates by the CNAME
        (TARGET, "branded", "dns.flattened"),
        (ELSEWHERE, "live", "dns.flattened"),
    ],
)
def test_an_alias_that_clicks_use_is_not_to_be_deleted(tmp_path, address, phase, rule):
    with World(tmp_path) as world:
        found = ask(world, address, phase)
    assert dns(found) == {rule}
    fixes = {finding.fix for finding in found.findings if finding.rule == rule}
    assert not any("delete the A" in fix for fix in fixes)
    assert any("do not delete" in fix for fix in fixes) is (rule == "dns.alias-in-place")


def test_a_wildcards_addresses_are_neither_proxying_nor_an_alias(tmp_path):
    with World(tmp_path) as world:
        found = ask(world, TARGET, below=TARGET)
        other = ask(world, TARGET, below=ELSEWHERE)
    assert dns(found) == {"dns.masked-by-wildcard"}
    assert all("may have expired" in finding.why for finding in found.findings if finding.rule.startswith("dns."))
    assert dns(other) == {"dns.alias-in-place"}


@pytest.mark.parametrize(
    ("server", "is_parking"),
    [
        ("ns1.sedoparking.com.", True),
        ("expirens3.hichina.com.", True),
        ("ns2.expired.registrar.test.", True),
        ("ns1.renewyourname.net.", True),
        ("dns1.parkingcrew.net.", True),
        ("failed-whois-verification.namecheap.com.", True),
        ("ns1.example.test.", False),
        ("ns-12.awsdns-34.com.", False),
        ("ada.ns.cloudflare.com.", False),
        ("ns1.carparking.example.", False),
        ("ns1.parkingservice.example.", False),
        ("ns1.spark.example.", False),
    ],
)
def test_a_registrars_parking_is_told_by_its_servers_names(server, is_parking):
    from infra.verify.judge.dns_flattened import _PARKING

    assert bool(_PARKING.search(server)) is is_parking


def test_a_domain_that_has_expired_is_not_said_to_be_proxied(tmp_path):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set("example.test.", "NS", ["ns1.parking.vendor.test.", "ns2.parking.vendor.test."])
        world.tld.set("example.test.", "NS", ["ns1.parking.vendor.test.", "ns2.parking.vendor.test."])
        for number, address in ((1, "127.61.3.1"), (2, "127.61.3.2")):
            world.vendor.set(f"ns{number}.parking.vendor.test.", "A", [address])
        found = ask(world, ELSEWHERE, below=ELSEWHERE)
    assert "dns.parked" in dns(found)
    assert "dns.flattened" not in dns(found)
