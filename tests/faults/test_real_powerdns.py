"""What PowerDNS really says: flattened ALIAS records, doubled CNAMEs, chains, NSEC3 narrow, keys made on the spot; and what of it is healthy."""

from __future__ import annotations

import dns.flags
import pytest
from linkproof.verify.options import ResolverAddress

from tests.faults.daemon import ask
from tests.faults.named import ADDRESS as NAMED
from tests.faults.named import View, named
from tests.faults.powerdns import ADDRESS, pdns_ds, powerdns
from tests.faults.real import RESOLVER, SERVER, knot, knot_ds, unbound
from tests.faults.zonefiles import CLICK_LINE, ELSEWHERE, chain_text, chain_zone, click_of, declare, delegate, zone_text
from tests.verify.world import TARGET, World, errors

NS = {"ns1": ADDRESS, **ELSEWHERE}
BOTH = {"ns1": NAMED, "ns2": ADDRESS}
GOOD, LAME, DNAME, DOUBLED, BESIDE = "good.test.", "lame.test.", "dname.test.", "doubled.test.", "beside.test."
FLAT, LOST, SIGNED, NARROW = "flat.test.", "lost.test.", "signed.test.", "narrow.test."
CHANGING = "changing.test."
SHARED = "shared.test."


class Powerdns:
    def __init__(self, world: World, ds: dict[str, list[str]]) -> None:
        self.world, self.ds = world, ds


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """One pdns_server for all of these zones, and the resolver that it asks for what an ALIAS leads to."""
    folder = tmp_path_factory.mktemp("powerdns")
    zones = {
        zone: zone_text(zone, NS, *lines)
        for zone, lines in {
            GOOD: ["URL CNAME Edge.VENDOR.Test."],
            DNAME: ["old DNAME vendor.test."],
            DOUBLED: [CLICK_LINE, "url CNAME old.vendor.test."],
            BESIDE: [CLICK_LINE, "url A 127.61.10.9"],
            FLAT: [f"url ALIAS {TARGET}", f"@ ALIAS {TARGET}"],
            LOST: ["url ALIAS nobody.vendor.test."],
            CHANGING: [f"url LUA CNAME \"pickrandom({{'{TARGET}', 'old.vendor.test.'}})\""],
            SIGNED: [CLICK_LINE],
            NARROW: [CLICK_LINE],
        }.items()
    }
    # the same zone as at its other server, three changes later by its own count
    zones[SHARED] = zone_text(SHARED, BOTH, CLICK_LINE, serial=4)
    zones |= {chain_zone(8): chain_text(8, NS), chain_zone(11): chain_text(11, NS)}
    secured = {SIGNED: [["rectify-zone"]], NARROW: [["set-nsec3", "1 0 0 -", "narrow"], ["rectify-zone"]]}
    with (
        World(folder) as world,
        unbound(folder, world.port, {}, stubs={"vendor.test.": "127.61.2.1"}),
        powerdns(folder, world.port, zones, resolver=f"{RESOLVER}:{world.port}", secured=secured),
    ):
        ds = {zone: pdns_ds(folder, zone) for zone in secured}
        for zone in (*zones, LAME):
            delegate(world, zone, BOTH if zone == SHARED else NS, ds.get(zone))
        yield Powerdns(world, ds)


@pytest.mark.parametrize("zone", [GOOD, SIGNED, NARROW, chain_zone(8)])
def test_a_healthy_zone_is_silent(here, zone):
    values = ["c1.chain8.test."] if zone == chain_zone(8) else [TARGET]
    dnssec = "signed" if zone in here.ds else "unsigned"
    result = here.world.verify(declare(zone, click_of(zone, values=values), dnssec=dnssec), strict=True)
    assert (result.verdict, result.findings) == ("proven", ())


def test_a_zone_that_it_does_not_serve_is_one_finding(here):
    result = here.world.verify(declare(LAME))
    assert [(f.rule, f.id) for f in result.findings] == [("dns.lame-refused", "zone/lame.test")]


def test_a_flattened_host_and_apex_are_what_they_are_declared_as(here):
    flat = (click_of(FLAT, served="flattened"), click_of(FLAT, id="apex", name=FLAT, served="alias"))
    result = here.world.verify(declare(FLAT, *flat), strict=True)
    assert (result.verdict, result.findings) == ("proven", ())
    assert errors(here.world.verify(declare(FLAT))) == {"dns.flattened"}
    assert errors(here.world.verify(declare(GOOD, click_of(GOOD, served="flattened")))) == {"dns.not-proxied"}


def test_a_target_that_cannot_be_flattened_is_a_failure_for_addresses_and_no_missing_record(here):
    lost = click_of(LOST, served="flattened", values=["nobody.vendor.test."])
    (finding,) = here.world.verify(declare(LOST, lost)).findings
    assert (finding.rule, finding.observed, finding.reproduce[-2:]) == ("dns.server-failure", "A: SERVFAIL", " A")


def test_a_host_that_answers_now_the_one_and_now_the_other_is_declared_as_either(here):
    either = click_of(CHANGING, match="any_of", values=[TARGET, "old.vendor.test."])
    assert here.world.verify(declare(CHANGING, either), strict=True).findings == ()
    neither = click_of(CHANGING, match="any_of", values=["third.vendor.test.", "fourth.vendor.test."])
    assert errors(here.world.verify(declare(CHANGING, neither))) == {"dns.wrong-value"}
    seen = {ask(ADDRESS, here.world.port, f"url.{CHANGING}", "CNAME").answer[0][0].to_text() for _ in range(64)}
    assert seen == {TARGET, "old.vendor.test."}, "both are really given"


def test_two_cnames_at_one_name(here):
    result = here.world.verify(declare(DOUBLED))
    assert [(f.rule, f.severity) for f in result.findings] == [("dns.duplicate-cname", "error")]


def test_an_address_beside_a_cname_is_never_shown_so_users_get_the_cname_and_nothing_is_wrong(here):
    answer = ask(ADDRESS, here.world.port, f"url.{BESIDE}", "A")
    assert [rrset.to_text() for rrset in answer.answer] == [f"url.{BESIDE} 300 IN CNAME {TARGET}"]
    assert here.world.verify(declare(BESIDE)).findings == ()


def test_a_dname_counts_for_nothing_until_it_is_switched_on(here):
    right = click_of(DNAME, name=f"edge.old.{DNAME}")
    assert errors(here.world.verify(declare(DNAME, right))) == {"dns.missing-name"}


def test_at_eleven_cnames_it_gives_up_itself(here):
    result = here.world.verify(declare(chain_zone(11), click_of(chain_zone(11), values=["c1.chain11.test."])))
    assert [(f.rule, f.observed) for f in result.findings] == [("dns.server-failure", "A: SERVFAIL")]


@pytest.mark.parametrize("zone", [SIGNED, NARROW])
def test_a_name_that_a_signed_zone_denies_is_missing(here, zone):
    lost = click_of(zone, name=f"other.{zone}")
    gone = click_of(zone, id="gone", name=f"gone.{zone}", match="absent", values=[])
    result = here.world.verify(declare(zone, lost, gone))
    assert [(f.rule, f.id) for f in result.findings] == [("dns.missing-name", "link/click")]


@pytest.mark.parametrize("zone", [SIGNED, NARROW])
def test_a_validating_resolver_accepts_its_signatures_and_denials(here, zone, tmp_path):
    gone = click_of(zone, id="gone", name=f"gone.{zone}", match="absent", values=[])
    other = "127.61.53.8"
    with unbound(tmp_path, here.world.port, {zone: here.ds[zone]}, stubs={zone: ADDRESS}, address=other):
        resolver = ResolverAddress("udp", other, here.world.port)
        result = here.world.verify(declare(zone, click_of(zone), gone, dnssec="signed"), resolvers=(resolver,))
        denied = ask(other, here.world.port, f"gone.{zone}", "CNAME", recursive=True)
    assert (result.verdict, result.findings) == ("proven", ())
    assert {cell.id for cell in result.cells if cell.vantage.kind == "resolver"} == {"link/click", "gone"}
    assert denied.flags & dns.flags.AD, "the denial was proven to the resolver"


def test_the_ds_of_another_zones_key(here):
    delegate(here.world, SIGNED, NS, here.ds[NARROW])
    result = here.world.verify(declare(SIGNED))
    delegate(here.world, SIGNED, NS, here.ds[SIGNED])
    assert [(f.rule, f.id) for f in result.findings] == [("dns.dnssec-ds-mismatch", "zone/signed.test")]


def test_two_hosts_that_sign_each_with_its_own_keys_break_each_other(here, tmp_path):
    apex, zone = (
        "example.test.",
        {"example.test.": zone_text("example.test.", {"ns1": SERVER, "ns2": ADDRESS}, CLICK_LINE)},
    )
    with (
        World(tmp_path) as world,
        knot(tmp_path, world.port, zone[apex], signing=True),
        powerdns(tmp_path, world.port, zone, secured={apex: []}),
    ):
        both = knot_ds(tmp_path) + pdns_ds(tmp_path, apex)
        delegate(world, apex, {"ns1": SERVER, "ns2": ADDRESS}, both)
        result = world.verify()
    assert [(f.rule, f.id, f.vantage.address) for f in result.findings] == [
        ("dns.dnssec-bogus", "zone/example.test", SERVER),
        ("dns.dnssec-bogus", "zone/example.test", ADDRESS),
    ]


@pytest.mark.parametrize(("serial", "target"), [(4, TARGET), (3, TARGET), (5, TARGET), (5, "old.vendor.test.")])
def test_serials_tell_which_of_two_servers_is_behind_and_are_nothing_by_themselves(here, tmp_path, serial, target):
    view = View({SHARED: zone_text(SHARED, BOTH, f"url CNAME {target}", serial=serial)})
    with named(tmp_path, here.world.port, view):
        inside = here.world.verify(declare(SHARED, click_of(SHARED, values=[target]), transfer_group="own"))
        outside = here.world.verify(declare(SHARED, click_of(SHARED, values=[target])))
    differs = target != TARGET
    assert [(f.rule, f.vantage.address) for f in inside.findings] == [("dns.stale-secondary", ADDRESS)] * differs
    assert [(f.rule, f.vantage.address) for f in outside.findings] == [("dns.wrong-value", ADDRESS)] * differs
