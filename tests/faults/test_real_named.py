"""What bind9 really says: its lameness, an expired copy, chains, DNAME, wildcards, views, its rate limit; and what of it is healthy."""

from __future__ import annotations

import os
import time

import pytest
from linkproof.expectations.model import parse
from linkproof.verify.options import ResolverAddress

from tests.faults.daemon import ask
from tests.faults.named import ADDRESS, View, named
from tests.faults.real import RESOLVER, unbound
from tests.faults.zonefiles import (
    CLICK_LINE,
    ELSEWHERE,
    address_type,
    chain_text,
    chain_zone,
    click_of,
    declare,
    delegate,
    zone_text,
)
from tests.verify.world import TARGET, World, errors, record, rules

NS = {"ns1": ADDRESS, **ELSEWHERE}
GOOD, DNAME, WILD, BESIDE = "good.test.", "dname.test.", "wild.test.", "beside.test."
EXPIRED, FRESH, LAME, SPLIT = "expired.test.", "fresh.test.", "lame.test.", "split.test."
CAA, BELOW, CHILD, BIG, BETWEEN = "caa.test.", "below.test.", "child.below.test.", "big.test.", "between.test."
WILD_LINE = f"* CNAME {TARGET}"
# The SOA of these zones lets a copy live for one day.
LONG_AGO_SECONDS = 10 * 86400


def copies(folder) -> str:
    """Two secondaries whose primary is gone, with a copy of today and one of long ago."""
    statements = []
    for zone, age_seconds in ((FRESH, 0), (EXPIRED, LONG_AGO_SECONDS)):
        file = folder / f"{zone}copy"
        file.write_text(zone_text(zone, NS, CLICK_LINE))
        os.utime(file, (time.time() - age_seconds,) * 2)
        source = f'primaries {{ 127.61.99.9; }}; file "{file}"; masterfile-format text;'
        statements.append(f'zone "{zone}" {{ type secondary; {source} }};')
    return "\n".join(statements)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One named for all of these zones, as talkative as it can be and with the case that the zone files have."""
    folder = tmp_path_factory.mktemp("named")
    inside = {SPLIT: zone_text(SPLIT, NS, "url CNAME inside.vendor.test.", serial=9)}
    zones = {
        GOOD: zone_text(GOOD, NS, "URL CNAME Edge.VENDOR.Test."),
        DNAME: zone_text(DNAME, NS, "old DNAME vendor.test.", "bad DNAME nowhere.vendor.test."),
        WILD: zone_text(WILD, NS, WILD_LINE),
        BESIDE: zone_text(BESIDE, NS, WILD_LINE, CLICK_LINE),
        SPLIT: zone_text(SPLIT, NS, CLICK_LINE),
        CAA: zone_text(
            CAA,
            NS,
            CLICK_LINE,
            '@ CAA 0 issue "letsencrypt.org"',
            "closed A 127.61.10.1",
            'closed CAA 128 tbs "unknown"',
            "open A 127.61.10.1",
            'open CAA 0 issue "amazon.com"',
        ),
        BELOW: zone_text(BELOW, NS, "forgotten NS ns.vendor.test.", "child NS ns1.child", f"ns1.child A {ADDRESS}"),
        CHILD: zone_text(CHILD, NS, CLICK_LINE),
        BIG: zone_text(BIG, NS, f"url TXT {' '.join(['x' * 250] * 16)}", "url TXT ours"),
        BETWEEN: zone_text(BETWEEN, NS, WILD_LINE, f"below.url CNAME {TARGET}"),
        **{chain_zone(length): chain_text(length, NS) for length in (8, 9, 12)},
    }
    options = "recursion no; minimal-responses no; no-case-compress { any; };"
    views = (View(inside, f"{RESOLVER};"), View(zones, more=copies(folder)))
    with World(folder) as world, named(folder, world.port, *views, options=options):
        for zone in (*(zones.keys() - {CHILD}), EXPIRED, FRESH, LAME):
            delegate(world, zone, NS)
        yield world


@pytest.mark.parametrize("zone", [GOOD, BESIDE, FRESH, chain_zone(8)])
def test_a_healthy_zone_is_silent(world, zone):
    values = ["c1.chain8.test."] if zone == chain_zone(8) else [TARGET]
    result = world.verify(declare(zone, click_of(zone, values=values)), strict=True)
    assert (result.verdict, result.findings) == ("proven", ())


def test_its_full_answers_in_the_case_of_the_file_are_what_was_proven(world):
    answer = ask(ADDRESS, world.port, "url.good.test.", "CNAME")
    assert answer.answer[0].to_text() == "url.good.test. 300 IN CNAME Edge.VENDOR.Test."
    assert answer.authority
    assert answer.additional


@pytest.mark.parametrize(("zone", "rule"), [(LAME, "dns.lame-refused"), (EXPIRED, "dns.server-failure")])
def test_a_zone_that_it_does_not_serve_any_more_is_one_finding(world, zone, rule):
    result = world.verify(declare(zone))
    assert [(f.rule, f.severity, f.id, f.vantage.address) for f in result.findings] == [
        (rule, "error", f"zone/{zone.rstrip('.')}", ADDRESS)
    ]


def test_a_server_beside_it_that_does_serve_the_zone_is_asked_for_the_value(world):
    both = {**NS, "ns2": "127.61.3.2"}
    content = {("lame.test.", "NS"): [f"{label}.lame.test." for label in both], ("url.lame.test.", "CNAME"): [TARGET]}
    addresses = {(f"{label}.lame.test.", address_type(address)): [address] for label, address in both.items()}
    world.second.load(LAME, {**content, **addresses})
    delegate(world, LAME, both)
    result = world.verify(declare(LAME))
    delegate(world, LAME, NS)
    assert [(f.rule, f.vantage.address) for f in result.findings] == [("dns.lame-refused", ADDRESS)]
    assert [cell.state for cell in result.cells if cell.vantage.address == "127.61.3.2"] == ["right", "right"]


def test_a_dname_leads_to_the_target_or_into_the_void(world):
    right = click_of(DNAME, name=f"edge.old.{DNAME}")
    assert world.verify(declare(DNAME, right), strict=True).findings == ()
    lost = click_of(DNAME, name=f"edge.bad.{DNAME}", values=["edge.nowhere.vendor.test."])
    assert errors(world.verify(declare(DNAME, lost))) == {"dns.dangling-target"}
    other = click_of(DNAME, name=f"edge.bad.{DNAME}")
    assert errors(world.verify(declare(DNAME, other))) == {"dns.wrong-value"}


def test_a_wildcard_in_the_place_of_the_record(world):
    result = world.verify(declare(WILD))
    assert [(f.rule, f.severity) for f in result.findings] == [("dns.masked-by-wildcard", "warning")]


def test_a_name_between_others_keeps_the_wildcard_away_and_has_nothing(world):
    # RFC 4592 §2.2.2: url exists, for something stands below it
    assert errors(world.verify(declare(BETWEEN))) == {"dns.missing-type"}


def test_an_answer_that_is_too_large_for_udp_comes_over_tcp(world):
    txt = click_of(BIG, type="TXT", match="contains", values=["ours"], resolve="none")
    result = world.verify(declare(BIG, txt), strict=True)
    assert (result.verdict, result.findings) == ("proven", ())
    assert [cell.vantage.transport for cell in result.cells if cell.id == "link/click" and cell.state == "right"] == [
        "tcp"
    ]


def test_a_delegation_further_down_is_followed_and_a_forgotten_one_is_found(world):
    followed = world.verify(declare(BELOW, click_of(BELOW, name=f"url.{CHILD}")))
    assert (followed.verdict, rules(followed)) == ("proven", {"dns.wrong-zone"})
    forgotten = world.verify(declare(BELOW, click_of(BELOW, name=f"url.forgotten.{BELOW}")))
    assert [(f.rule, f.id) for f in forgotten.findings if f.severity == "error"] == [
        ("dns.lame-refused", "zone/forgotten.below.test")
    ]


@pytest.mark.parametrize(
    ("host", "ca", "may"),
    [
        ("url", "letsencrypt.org", True),
        ("url", "amazon.com", False),
        ("open", "amazon.com", True),
        ("open", "letsencrypt.org", False),
        ("closed", "amazon.com", False),
    ],
)
def test_the_nearest_caa_set_decides(world, host, ca, may):
    caa = {"id": "caa", "host": f"{host}.{CAA}", "cas": [ca]}
    result = world.verify(parse({"version": 1, "caa": [caa]}))
    assert [f.rule for f in result.findings] == ([] if may else ["dns.caa-forbids"])
    assert result.verdict == ("proven" if may else "differs")


def test_nine_cnames_are_a_warning_and_at_twelve_it_gives_up_itself(world):
    nine = world.verify(declare(chain_zone(9), click_of(chain_zone(9), values=["c1.chain9.test."])))
    assert [(f.rule, f.severity) for f in nine.findings] == [("dns.chain-depth", "warning")]
    twelve = world.verify(declare(chain_zone(12), click_of(chain_zone(12), values=["c1.chain12.test."])))
    assert [(f.rule, f.severity, f.id) for f in twelve.findings] == [("dns.server-failure", "error", "link/click")]
    (finding,) = twelve.findings
    assert finding.observed.startswith("A: SERVFAIL")
    assert finding.reproduce.endswith(" A"), "the command asks for what failed: the CNAME itself is answered"


def test_views_show_each_side_its_own_answer(world, tmp_path):
    # the run stands outside, its resolver inside
    both = click_of(SPLIT, match="any_of", values=[TARGET, "inside.vendor.test."])
    world.vendor.set("inside.vendor.test.", "A", ["127.61.10.2"])
    options = f"    outgoing-interface: {RESOLVER}\n"
    with unbound(tmp_path, world.port, {}, stubs={SPLIT: ADDRESS}, options=options):
        resolver = {"resolvers": (ResolverAddress("udp", RESOLVER, world.port),)}
        one_sided = world.verify(declare(SPLIT), **resolver)
        declared = world.verify(declare(SPLIT, both), **resolver)
    assert [(f.rule, f.vantage.kind, f.observed) for f in one_sided.findings] == [
        ("dns.wrong-value", "resolver", "inside.vendor.test.")
    ]
    assert (declared.verdict, declared.findings) == ("proven", ())


def test_a_server_that_refers_to_the_root_for_what_it_does_not_serve(world, tmp_path):
    with World(tmp_path) as other:
        delegate(other, LAME, NS)
        options = "recursion yes; allow-recursion { none; }; allow-query-cache { any; };"
        hints = f'zone "." {{ type hint; file "{other.hints}"; }};'
        with named(tmp_path, other.port, View({}, more=hints), options=options):
            result = other.verify(declare(LAME))
    assert [(f.rule, f.id) for f in result.findings] == [("dns.lame-upward-referral", "zone/lame.test")]


@pytest.mark.parametrize(("allowed", "expected"), [("any", {"dns.open-recursion"}), ("127.61.99.9", set())])
def test_recursion_is_a_warning_only_where_it_is_open_to_us(tmp_path, allowed, expected):
    with World(tmp_path) as other:
        other.add_resolver()  # says NXDOMAIN to what is asked of it
        delegate(other, GOOD, NS)
        options = f"recursion yes; allow-recursion {{ {allowed}; }}; forward only; forwarders {{ 127.61.53.1 port {other.port}; }};"
        with named(tmp_path, other.port, View({GOOD: zone_text(GOOD, NS, CLICK_LINE)}), options=options):
            result = other.verify(declare(GOOD), resolvers=())
    assert (rules(result), result.verdict) == (expected, "proven")


@pytest.mark.parametrize("slip", [0, 1, 2])
def test_its_rate_limit_is_never_drift(tmp_path, slip):
    # past the limit answers are dropped (0), cut short (1), or one and the other in turn (2); no more names than its
    # listen queue has places (10): beyond that connections are lost as well, and come through only after a second
    limit = f"rate-limit {{ responses-per-second 1; nxdomains-per-second 1; slip {slip}; }};"
    gone = [record(id=f"gone/{number}", name=f"u{number}.{GOOD}", match="absent", values=[]) for number in range(8)]
    with World(tmp_path) as other:
        delegate(other, GOOD, NS)
        view = View({GOOD: zone_text(GOOD, NS, CLICK_LINE)})
        with named(tmp_path, other.port, view, options=f"recursion no; {limit}"):
            result = other.verify(declare(GOOD, click_of(GOOD), *gone), timeout_seconds=1, attempts=2)
    assert (result.verdict, rules(result)) == ("proven", set())
    assert any(cell.vantage.transport == "tcp" for cell in result.cells), "the limit was reached"
