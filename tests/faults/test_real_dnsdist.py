"""A load balancer that spoils what a good server says, each zone in one way; and what of a load balancer is healthy."""

from __future__ import annotations

import pytest

from tests.faults.daemon import ask
from tests.faults.dnsdist import ADDRESS, dnsdist
from tests.faults.named import ADDRESS as NAMED
from tests.faults.named import View, named
from tests.faults.real import RESOLVER, unbound
from tests.faults.zonefiles import CLICK_LINE, ELSEWHERE, click_of, declare, delegate, zone_text
from tests.verify.world import SHORT, World, errors

NS = {"ns1": ADDRESS, **ELSEWHERE}
GOOD = "good.test."
SLOW, SLOW_NS = "slow.test.", {"ns1": ADDRESS, "ns2": NAMED}
NOBODY = "127.61.99.2"
# In dnsdist's own words.
UDP, TCP = "TCPRule(false)", "TCPRule(true)"
EDNS = "RecordsTypeCountRule(DNSSection.Additional, DNSQType.OPT, 1, 1)"
ADDRESSES = "QTypeRule(DNSQType.A)"
# dnsdist looks at each packet; the first one is lost, the second is not, and so on.
EVERY_OTHER = "LuaAction(function(dq) n = n + 1; return n % 2 == 1 and DNSAction.Drop or DNSAction.None, '' end)"
SPOOFED = {"wrong": ("old.vendor.test.", "true"), "noaa": ("edge.vendor.test.", "false")}


def rule(zone: str, action: str, *selectors: str) -> str:
    return f'addAction(AndRule({{{", ".join([f"""makeRule("{zone}.test.")""", *selectors])}}}), {action})'


def click(zone: str) -> str:
    return f'QNameRule("url.{zone}.test.")'


def answered(zone: str, *changes: str) -> str:
    """Change the answer of the server behind."""
    lines = "; ".join(f"dr{change}" for change in changes)
    action = f"LuaResponseAction(function(dr) {lines}; return DNSResponseAction.None, '' end)"
    return f'addResponseAction(makeRule("{zone}.test."), {action})'


RULES = {
    "good": [],
    "cached": ['getPool("cached"):setCache(newPacketCache(100))', rule("cached", 'PoolAction("cached")')],
    "lossy": ["n = 0", rule("lossy", EVERY_OTHER, UDP)],
    "cut": [rule("cut", "TCAction()", UDP)],
    "cutdead": [rule("cutdead", "TCAction()", UDP), rule("cutdead", "DropAction()", TCP)],
    "cutonce": [rule("cutonce", "TCAction()", UDP), rule("cutonce", "DropAction()", TCP, click("cutonce"))],
    "notcp": [rule("notcp", "DropAction()", TCP)],
    "noedns": [rule("noedns", "DropAction()", UDP, EDNS)],
    "later": [rule("later", "DropAction()", UDP, "EDNSVersionRule(0)")],
    "formerr": [rule("formerr", "RCodeAction(DNSRCode.FORMERR)", EDNS)],
    "badvers": [rule("badvers", "ERCodeAction(DNSRCode.BADVERS)", EDNS)],
    "refuses": [rule("refuses", "RCodeAction(DNSRCode.REFUSED)")],
    "refusesone": [rule("refusesone", "RCodeAction(DNSRCode.REFUSED)", click("refusesone"))],
    "fails": [rule("fails", "RCodeAction(DNSRCode.SERVFAIL)")],
    "denies": [rule("denies", "RCodeAction(DNSRCode.NXDOMAIN, {aa=true})", click("denies"))],
    "silent": [rule("silent", "DropAction()")],
    "silentone": [rule("silentone", "DropAction()", click("silentone"), ADDRESSES)],
    "beside": [rule("beside", 'SpoofAction({"127.61.10.9"}, {aa=true})', click("beside"), ADDRESSES)],
    "forwards": [answered("forwards", ".dh:setAA(false)")],
    "resolves": [answered("resolves", ".dh:setAA(false)", ".dh:setRA(true)")],
    "shortened": [answered("shortened", ":editTTLs(function(section, class, type, ttl) return 60 end)")],
    "limited": [rule("limited", "DropAction()", UDP, "MaxQPSIPRule(2)")],
    "limitedcut": [rule("limitedcut", "TCAction()", UDP, "MaxQPSIPRule(2)")],
    "slow": [rule("slow", "DelayAction(2500)", 'QNameRule("slow.test.")')],
    **{
        zone: [rule(zone, f'SpoofCNAMEAction("{target}", {{aa={aa}}})', click(zone))]
        for zone, (target, aa) in SPOOFED.items()
    },
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One dnsdist for all zones, before one named; only of the slow zone named is itself a server as well."""
    folder = tmp_path_factory.mktemp("dnsdist")
    zones = {f"{zone}.test.": zone_text(f"{zone}.test.", NS, CLICK_LINE) for zone in RULES}
    zones[SLOW] = zone_text(SLOW, SLOW_NS, CLICK_LINE)
    rules = [line for lines in RULES.values() for line in lines]
    with (
        World(folder) as world,
        named(folder, world.port, View(zones)),
        dnsdist(folder, world.port, NAMED, GOOD, rules),
    ):
        for zone in zones:
            delegate(world, zone, SLOW_NS if zone == SLOW else NS)
        yield world


@pytest.mark.parametrize("zone", ["good", "cached", "cut"])
def test_a_load_balancer_that_passes_caches_or_cuts_short_is_healthy(world, zone):
    result = world.verify(declare(f"{zone}.test."), strict=True)
    assert (result.verdict, result.findings) == ("proven", ())


def test_a_path_that_loses_every_other_packet_is_healthy(world):
    result = world.verify(declare("lossy.test."), timeout_seconds=0.5, attempts=3)
    assert (result.verdict, result.findings) == ("proven", ())


@pytest.mark.parametrize(
    ("zone", "rule", "severity"),
    [
        ("noedns", "dns.edns-dropped", "warning"),
        ("later", "dns.edns-version", "warning"),
        ("formerr", "dns.edns-unsupported", "warning"),
        ("badvers", "dns.edns-unsupported", "warning"),
        ("notcp", "dns.tcp-unreachable", "warning"),
        ("cutdead", "dns.tcp-unreachable", "error"),
        ("refuses", "dns.lame-refused", "error"),
        ("fails", "dns.server-failure", "error"),
        ("silent", "dns.timeout", "error"),
        ("forwards", "dns.non-authoritative", "error"),
        ("resolves", "dns.non-authoritative", "error"),
    ],
)
def test_what_it_does_to_a_whole_zone_is_one_finding(world, zone, rule, severity):
    result = world.verify(declare(f"{zone}.test."), **SHORT)
    assert [(f.rule, f.severity, f.id, f.vantage.address) for f in result.findings] == [
        (rule, severity, f"zone/{zone}.test", ADDRESS)
    ]
    assert ("offers recursion" in result.findings[0].why) == (zone == "resolves")


@pytest.mark.parametrize(
    ("zone", "rule", "asked"),
    [
        ("refusesone", "dns.refused", "CNAME"),
        ("denies", "dns.missing-name", "CNAME"),
        ("wrong", "dns.wrong-value", "CNAME"),
        ("noaa", "dns.non-authoritative", "CNAME"),
        ("silentone", "dns.timeout", "A"),
        ("beside", "dns.cname-coexistence", "A"),
    ],
)
def test_what_it_does_to_one_name_is_that_records_finding_with_the_question_that_shows_it(world, zone, rule, asked):
    result = world.verify(declare(f"{zone}.test."), **SHORT)
    assert [(f.rule, f.severity, f.id) for f in result.findings] == [(rule, "error", "link/click")]
    assert result.findings[0].reproduce.split()[-2:] == [f"url.{zone}.test.", asked]


def test_a_cut_answer_whose_tcp_is_lost_once_is_no_closed_port(world):
    result = world.verify(declare("cutonce.test."), **SHORT)
    assert (result.verdict, result.findings) == ("not-proven", ())
    assert "by which this server answered other questions" in result.could_not_check[0].reason


@pytest.mark.parametrize("zone", ["limited", "limitedcut"])
def test_its_rate_limit_is_never_drift(world, zone):
    names = [f"u{number}.{zone}.test." for number in range(8)]
    gone = [click_of(zone, id=f"gone/{name}", name=name, match="absent", values=[]) for name in names]
    result = world.verify(declare(f"{zone}.test.", click_of(f"{zone}.test."), *gone), timeout_seconds=1, attempts=2)
    assert (result.verdict, result.findings) == ("proven", ())
    assert any(cell.vantage.transport == "tcp" for cell in result.cells), "the limit was reached"


def test_a_late_answer_beside_a_quick_one_is_slow(world):
    result = world.verify(declare(SLOW), timeout_seconds=5)
    assert [(f.rule, f.severity, f.vantage.address) for f in result.findings] == [("dns.slow", "warning", ADDRESS)]
    assert result.verdict == "proven"


@pytest.mark.parametrize(("ttl", "found"), [("exact", ["dns.ttl-differs"]), ("at_most", []), ("ignore", [])])
def test_a_balancer_that_shortens_ttls_breaks_only_an_exact_one(world, ttl, found):
    result = world.verify(declare("shortened.test.", click_of("shortened.test.", ttl_seconds=300, ttl=ttl)))
    assert [f.rule for f in result.findings] == found
    assert result.verdict == "proven"


def test_a_resolver_that_answers_in_everybodys_place_is_interception(tmp_path):
    recursive = "addAction(AllRule(), LuaAction(function(dq) dq.dh:setRD(true); return DNSAction.None, '' end))"
    zone = zone_text(GOOD, NS, CLICK_LINE)
    with (
        World(tmp_path) as world,
        named(tmp_path, world.port, View({GOOD: zone})),
        unbound(tmp_path, world.port, {}, stubs={GOOD: NAMED}, options="    local-zone: 'root.' static\n"),
        dnsdist(tmp_path, world.port, RESOLVER, GOOD, [recursive], addresses=(ADDRESS, NOBODY)),
    ):
        delegate(world, GOOD, NS)
        answer = ask(ADDRESS, world.port, f"url.{GOOD}", "CNAME")
        assert answer.answer
        unaware = world.verify(declare(GOOD))
        aware = world.verify(declare(GOOD), control_address=NOBODY)
    assert errors(unaware) == {"dns.non-authoritative"}
    assert "offers recursion" in unaware.findings[0].why
    assert [(f.rule, f.severity) for f in aware.findings] == [("dns.intercepted", "warning")]
    assert aware.verdict == "not-proven"
