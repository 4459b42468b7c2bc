"""What knot, nsd and named answer from zones that ldns-signzone signed: NSEC, NSEC3, opt-out; whole, and with records taken out."""

from __future__ import annotations

import dns.dnssec
import pytest

from tests.faults.named import ADDRESS as NAMED
from tests.faults.named import View, named
from tests.faults.real import SECOND, SERVER, ZONE, knot, nsd
from tests.faults.signing import ldns_sign
from tests.faults.zonefiles import CLICK_LINE, delegate, zone_text
from tests.verify.world import TARGET, World, errors, expect, rules

SERVERS = {"ns1": SERVER, "ns2": SECOND, "ns3": NAMED}
SIGNED = [{"id": "zone/example.test", "path": "zones.example.test", "name": ZONE, "dnssec": "signed"}]
# Something unsigned below, which opt-out leaves out; and names around the random one.
MORE = ("a A 127.61.10.1", "zz A 127.61.10.1", "below NS ns.vendor.test.")
WILD_LINE = f"* CNAME {TARGET}"
# By what ldns-signzone is told.
KINDS = {"nsec": (), "nsec3": ("-n", "-s", "abcd"), "opt-out": ("-n", "-p"), "iterated": ("-n", "-t", "10")}


def verified(folder, text, ds):
    """What is found where all three serve this text."""
    with (
        World(folder) as world,
        knot(folder, world.port, text),
        nsd(folder, world.port, text),
        named(folder, world.port, View({ZONE: text})),
    ):
        delegate(world, ZONE, SERVERS, [ds])
        return world.verify(expect(zones=SIGNED))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "lines", [(CLICK_LINE,), (CLICK_LINE, "* TXT any"), (WILD_LINE,)], ids=["plain", "beside", "wild"]
)
def test_what_real_servers_deny_is_proven(tmp_path, kind, lines):
    text, ds = ldns_sign(tmp_path, ZONE, zone_text(ZONE, SERVERS, *lines, *MORE), *KINDS[kind])
    result = verified(tmp_path, text, ds)
    assert (errors(result), result.verdict) == (set(), "proven")
    assert rules(result) == ({"dns.masked-by-wildcard"} if lines == (WILD_LINE,) else set())


def without(text, owner, kind):
    """The file without one owner's NSEC or NSEC3 and its signature."""
    kept = [
        line
        for line in text.splitlines(keepends=True)
        if not (line.startswith(owner) and (f"\tIN\t{kind}\t" in line or f"\tRRSIG\t{kind} " in line))
    ]
    assert len(kept) == len(text.splitlines()) - 2, f"{owner} {kind}"
    return "".join(kept)


def hashed(name):
    return f"{dns.dnssec.nsec3_hash(name, b'', 1, 1).lower()}.{ZONE}"


def test_a_file_that_lost_one_nsec_of_the_proof(tmp_path):
    # the apex's denies the wildcard, and another one the random name; named takes such a file for unsigned
    text, ds = ldns_sign(tmp_path, ZONE, zone_text(ZONE, SERVERS, CLICK_LINE, *MORE))
    result = verified(tmp_path, without(text, ZONE, "NSEC"), ds)
    found = {f.vantage.address: f for f in result.findings}
    for address in (SERVER, SECOND):
        assert (found[address].rule, found[address].id) == ("dns.dnssec-bogus", "zone/example.test")
        assert found[address].observed.startswith("no NSEC that denies *.example.test.")
    assert "RRSIG" in found[NAMED].observed


def test_a_file_that_lost_the_nsec3_of_its_apex(tmp_path):
    text, ds = ldns_sign(tmp_path, ZONE, zone_text(ZONE, SERVERS, CLICK_LINE, *MORE), "-n")
    result = verified(tmp_path, without(text, hashed(ZONE), "NSEC3"), ds)
    assert [(f.rule, f.id, f.vantage.address) for f in result.findings] == [
        ("dns.dnssec-bogus", "zone/example.test", address) for address in SERVERS.values()
    ]


def test_a_wildcard_whose_name_is_not_denied_any_more(tmp_path):
    text, ds = ldns_sign(tmp_path, ZONE, zone_text(ZONE, SERVERS, WILD_LINE, *MORE))
    result = verified(tmp_path, without(text, f"ns3.{ZONE}", "NSEC"), ds)
    assert [(f.rule, f.id, f.vantage.address) for f in result.findings if f.severity == "error"] == [
        ("dns.dnssec-bogus", "link/click", address) for address in SERVERS.values()
    ]
