"""What real resolvers make of real zones: unbound and named validate, deny, filter, fail and remember."""

from __future__ import annotations

import time
from typing import Any

import dns.flags
import dns.rcode
import pytest
from linkproof.verify.options import ResolverAddress

from tests.faults.daemon import START_SECONDS, ask
from tests.faults.named import ADDRESS as NAMED
from tests.faults.named import named_resolver
from tests.faults.real import RESOLVER, SERVER, knot, unbound
from tests.faults.signing import sign, without_denials
from tests.faults.zonefiles import CLICK_LINE, ELSEWHERE, click_of, declare, delegate, zone_text
from tests.verify.survey.test_rounds import CHANGED, FakeClock, previous
from tests.verify.world import CLICK, SHORT, TARGET, World, errors, expect, rules

NS = {"ns1": SERVER, **ELSEWHERE}
WHOLE, LATE, EARLY = "whole.test.", "late.test.", "early.test."
UNDENIED, WILD, UNDENIED_WILD = "undenied.test.", "wild.test.", "undeniedwild.test."
DEAD, FILTERED, DROPPED = "dead.test.", "filtered.test.", "dropped.test."
WILD_LINE = f"* CNAME {TARGET}"
ADDRESSES = {"unbound": RESOLVER, "named": NAMED}


def signed_zones() -> dict[str, tuple[str, str]]:
    def made(zone, line=CLICK_LINE, **how):
        return zone, sign(zone, zone_text(zone, NS, line), **how)

    return dict(
        (
            made(WHOLE),
            made(LATE, window=(-7200, -3600)),
            made(EARLY, window=(86400, 2 * 86400)),
            made(UNDENIED, spoil=without_denials),
            made(WILD, WILD_LINE),
            made(UNDENIED_WILD, WILD_LINE, spoil=without_denials),
        )
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """knot serves the zones as they are; unbound and named trust their DS."""
    folder = tmp_path_factory.mktemp("resolvers")
    signed = signed_zones()
    texts = {zone: text for zone, (text, _) in signed.items()}
    texts |= {zone: zone_text(zone, NS, CLICK_LINE) for zone in (DEAD, FILTERED, DROPPED)}
    anchors = {zone: ds for zone, (_, ds) in signed.items()}
    # to unbound alone the servers of one zone refuse to serve it, and of another it keeps names to itself
    stubs = {**dict.fromkeys(texts, SERVER), DEAD: "127.61.2.1"}
    options = f"    local-zone: 'url.{FILTERED}' always_nxdomain\n    local-zone: 'url.{DROPPED}' deny\n"
    with (
        World(folder) as world,
        knot(folder, world.port, others=texts),
        unbound(folder, world.port, {zone: [ds] for zone, ds in anchors.items()}, stubs=stubs, options=options),
        named_resolver(folder, world.port, world.hints, anchors),
    ):
        for zone in texts:
            delegate(world, zone, NS, [anchors[zone]] if zone in anchors else None)
        yield world


def at(world: World, who: str) -> dict[str, Any]:
    # patient: what unbound says a second time comes from its cache, without the extended error
    return {"resolvers": (ResolverAddress("udp", ADDRESSES[who], world.port),), "timeout_seconds": 5}


def gone(zone: str) -> dict:
    return click_of(zone, id="gone", name=f"gone.{zone}", match="absent", values=[])


@pytest.mark.parametrize("who", ["unbound", "named"])
def test_a_well_signed_zone_is_authentic_with_its_denials(world, who):
    result = world.verify(declare(WHOLE, click_of(WHOLE), gone(WHOLE), dnssec="signed"), **at(world, who), strict=True)
    assert (result.verdict, result.findings) == ("proven", ())
    answer = ask(ADDRESSES[who], world.port, f"gone.{WHOLE}", "CNAME", recursive=True)
    assert (answer.rcode(), bool(answer.flags & dns.flags.AD)) == (dns.rcode.NXDOMAIN, True)


@pytest.mark.parametrize(("who", "told"), [("unbound", "SERVFAIL, extended error 12"), ("named", "SERVFAIL")])
def test_a_denial_without_proof_is_found_at_the_server_and_by_the_resolver(world, who, told):
    result = world.verify(declare(UNDENIED, click_of(UNDENIED), gone(UNDENIED)), **at(world, who))
    assert [(f.rule, f.id, f.vantage.kind, f.observed) for f in result.findings if f.severity == "error"] == [
        ("dns.dnssec-bogus", "gone", "resolver", f"{told}; with CD=1 NXDOMAIN"),
        ("dns.dnssec-bogus", f"zone/{UNDENIED.rstrip('.')}", "authoritative", "NXDOMAIN without NSEC or NSEC3"),
    ]


@pytest.mark.parametrize("who", ["unbound", "named"])
def test_a_wildcards_answer_needs_its_proof_too(world, who):
    whole = world.verify(declare(WILD), **at(world, who))
    broken = world.verify(declare(UNDENIED_WILD), **at(world, who))
    assert (rules(whole), errors(whole)) == ({"dns.masked-by-wildcard"}, set())
    found = [(f.rule, f.id, f.vantage.kind) for f in broken.findings if f.severity == "error"]
    assert found == [("dns.dnssec-bogus", "link/click", "authoritative")]
    answer = ask(ADDRESSES[who], world.port, f"url.{UNDENIED_WILD}", "CNAME", recursive=True, seconds=START_SECONDS)
    assert answer.rcode() == dns.rcode.SERVFAIL, "its word is not needed any more, and is the same"


@pytest.mark.parametrize("who", ["unbound", "named"])
@pytest.mark.parametrize(("zone", "rule"), [(LATE, "dns.dnssec-expired"), (EARLY, "dns.dnssec-not-yet-valid")])
def test_signatures_out_of_their_dates_are_named_at_the_server_and_bogus_at_the_resolver(world, who, zone, rule):
    result = world.verify(declare(zone), **at(world, who))
    assert [(f.rule, f.vantage.kind) for f in result.findings] == [
        ("dns.dnssec-bogus", "resolver"),
        (rule, "authoritative"),
    ]
    assert f"with CD=1 {TARGET}" in result.findings[0].observed


def test_a_resolver_whose_servers_refuse_is_no_broken_signature(world):
    result = world.verify(declare(DEAD), **at(world, "unbound"))
    assert [(f.rule, f.vantage.kind) for f in result.findings] == [("dns.server-failure", "resolver")]
    assert "CD=1 brings no answer out either" in result.findings[0].why
    assert world.verify(declare(DEAD), **at(world, "named")).findings == ()


def test_a_filter_that_lies_without_an_extended_error_is_a_missing_name_there_alone(world):
    result = world.verify(declare(FILTERED), **at(world, "unbound"))
    assert [(f.rule, f.vantage.kind) for f in result.findings] == [("dns.missing-name", "resolver")]
    assert world.verify(declare(FILTERED), **at(world, "named")).findings == ()


def test_a_resolver_that_stays_silent_is_no_listed_server(world):
    (finding,) = world.verify(declare(DROPPED), **{**at(world, "unbound"), **SHORT}).findings
    assert (finding.rule, finding.vantage.kind) == ("dns.timeout", "resolver")
    assert "resolver" in finding.why
    assert "delegation" not in finding.fix
    assert world.verify(declare(DROPPED), **at(world, "named")).findings == ()


@pytest.mark.parametrize(("before", "held"), [(["old.vendor.test."], "old.vendor.test."), (None, "NXDOMAIN")])
def test_what_a_resolver_remembers_from_before_the_change_lags_until_its_time(tmp_path, before, held):
    past = previous(values=before or [], absent=before is None)
    until = CHANGED.timestamp() + 60 + (300 if before else 900)
    with World(tmp_path) as world, unbound(tmp_path, world.port, {}, stubs={"example.test.": "127.61.3.1"}):
        world.first.set(CLICK, "CNAME", before)
        assert ask(RESOLVER, world.port, CLICK, "CNAME", recursive=True) is not None
        world.first.set(CLICK, "CNAME", [TARGET])
        asked = {"resolvers": (ResolverAddress("udp", RESOLVER, world.port),)}
        early = world.verify(expect(previous=past), **asked, clock=FakeClock())
        late = FakeClock(CHANGED.fromtimestamp(until + 1, CHANGED.tzinfo))
        wrong = world.verify(expect(previous=past), **asked, clock=late)
    assert (early.verdict, early.findings) == ("lagging", ())
    assert [item.finding.observed for item in early.lagging] == [held]
    assert 0 < early.lagging[0].until.timestamp() - FakeClock().now().timestamp() <= 300, "what is left of the copy"
    assert [(f.vantage.kind, f.observed) for f in wrong.findings] == [("resolver", held)]


def test_a_target_that_a_resolver_remembers_as_missing_lags_until_its_time(tmp_path):
    until = CHANGED.timestamp() + 60 + 300
    with World(tmp_path) as world, unbound(tmp_path, world.port, {}, stubs={"example.test.": "127.61.3.1"}):
        world.vendor.set(TARGET, "A", None)
        assert ask(RESOLVER, world.port, TARGET, "A", recursive=True).rcode() == dns.rcode.NXDOMAIN
        world.vendor.set(TARGET, "A", ["127.61.10.1"])
        asked = {"resolvers": (ResolverAddress("udp", RESOLVER, world.port),)}
        early = world.verify(expect(previous=previous()), **asked, clock=FakeClock())
        late = FakeClock(CHANGED.fromtimestamp(until + 1, CHANGED.tzinfo))
        wrong = world.verify(expect(previous=previous()), **asked, clock=late)
        unchanged = world.verify(**asked)
    assert (early.verdict, len(early.lagging)) == ("lagging", 1)
    assert 0 < early.lagging[0].until.timestamp() - FakeClock().now().timestamp() <= 60, "what is left of the denial"
    for result in (wrong, unchanged):
        assert [(f.rule, f.vantage.kind, f.observed) for f in result.findings] == [
            ("dns.missing-name", "resolver", f"A: NXDOMAIN for {TARGET}")
        ]


def test_an_answer_that_is_served_stale_is_called_so(tmp_path):
    old = zone_text("example.test.", {"ns": SERVER}).replace("$TTL 300", "$TTL 1") + "url CNAME old.vendor.test.\n"
    options = "    serve-expired: yes\n    ede-serve-expired: yes\n"
    with World(tmp_path) as world, unbound(tmp_path, world.port, {}, options=options):
        with knot(tmp_path, world.port, old):
            for record_type in ("CNAME", "A", "AAAA", "HTTPS"):
                assert ask(RESOLVER, world.port, CLICK, record_type, recursive=True).answer
        # its server is gone and its second is over: from then on the answer says that it is stale
        deadline = time.monotonic() + START_SECONDS
        while not ask(RESOLVER, world.port, CLICK, "CNAME", recursive=True).extended_errors():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        asked = {"resolvers": (ResolverAddress("udp", RESOLVER, world.port),), "timeout_seconds": 8}
        known = world.verify(expect(previous=previous()), **asked, clock=FakeClock())
        unknown = world.verify(**asked)
    assert (known.verdict, known.findings) == ("lagging", ())
    assert [item.finding.rule for item in known.lagging] == ["dns.served-stale"]
    assert "extended error 3" in known.lagging[0].finding.observed
    assert [(f.rule, f.vantage.kind) for f in unknown.findings] == [("dns.served-stale", "resolver")]
