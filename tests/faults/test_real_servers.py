"""The same faults shown by real software: knot's own signing, signatures past their date, its rate limits, unbound's view."""

from __future__ import annotations

from linkproof.verify.options import ResolverAddress

from tests.faults.real import LINES, RESOLVER, SECOND, SERVER, ZONE, knot, knot_ds, nsd, unbound
from tests.faults.signing import sign
from tests.verify.world import World, errors, expect, record

SIGNED = [{"id": "zone/example.test", "path": "zones.example.test", "name": ZONE, "dnssec": "signed"}]


def delegate(world: World, ds: list[str]) -> None:
    """Lead the zone to the real server."""
    for name in ("ns1.example.test.", "ns2.example.test."):
        world.tld.set(name, "A", None)
    world.tld.set(ZONE, "NS", ["ns.example.test.", "ns6.example.test."])
    world.tld.set("ns6.example.test.", "AAAA", ["2001:db8::53"])
    world.tld.set("ns.example.test.", "A", [SERVER])
    world.tld.set(ZONE, "DS", ds)


def test_a_zone_that_knot_signs_is_proven_at_the_server_and_at_a_validating_resolver(tmp_path):
    with World(tmp_path) as world, knot(tmp_path, world.port, signing=True):
        ds = knot_ds(tmp_path)
        delegate(world, ds)
        with unbound(tmp_path, world.port, {ZONE: ds}):
            resolver = ResolverAddress("udp", RESOLVER, world.port)
            result = world.verify(expect(zones=SIGNED), resolvers=(resolver,))
    assert (result.verdict, result.findings) == ("proven", ())
    assert any(cell.vantage.kind == "resolver" and cell.state == "right" for cell in result.cells)


def test_signatures_past_their_date_are_seen_at_the_server_and_at_the_resolver(tmp_path):
    text, ds = sign(ZONE, LINES, window=(-7200, -3600))
    with World(tmp_path) as world, knot(tmp_path, world.port, text):
        delegate(world, [ds])
        with unbound(tmp_path, world.port, {ZONE: [ds]}):
            result = world.verify(resolvers=(ResolverAddress("udp", RESOLVER, world.port),), timeout_seconds=3)
    found = {(finding.rule, finding.vantage.kind) for finding in result.findings}
    assert found == {("dns.dnssec-expired", "authoritative"), ("dns.dnssec-bogus", "resolver")}
    bogus = next(finding for finding in result.findings if finding.vantage.kind == "resolver")
    assert "with CD=1 edge.vendor.test." in bogus.observed


def test_the_same_file_within_its_dates_is_healthy(tmp_path):
    text, ds = sign(ZONE, LINES)
    with World(tmp_path) as world, knot(tmp_path, world.port, text):
        delegate(world, [ds])
        assert (result := world.verify()).findings == ()
        assert result.verdict == "proven"
        delegate(world, [sign(ZONE, LINES)[1]])
        assert errors(world.verify()) == {"dns.dnssec-ds-mismatch"}


def test_knots_rate_limit_is_never_drift(tmp_path):
    # knot counts the answers about names that do not exist together, and drops the rest
    gone = [
        record(id=f"gone/{number}", name=f"u{number}.example.test.", match="absent", values=[]) for number in range(60)
    ]
    with World(tmp_path) as world, knot(tmp_path, world.port, rate_limit=2):
        delegate(world, [])
        result = world.verify(expect(*gone), timeout_seconds=1.5, attempts=2)
    assert (result.verdict, result.findings) == ("proven", ())
    assert any(cell.vantage.transport == "tcp" for cell in result.cells), "the limit was reached"


def two_servers(world: World, second: str) -> str:
    """Lead the zone to knot and a second server; returns the zone's text with both."""
    delegate(world, [])
    names = ["ns.example.test.", "ns2.example.test.", "ns6.example.test."]
    world.tld.set(ZONE, "NS", names)
    world.tld.set("ns2.example.test.", "A", [second])
    return LINES + f"@ NS ns2.example.test.\nns2 A {second}\n"


def test_nsd_with_an_older_copy_is_a_stale_secondary_in_a_transfer_group_alone(tmp_path):
    group = [{**SIGNED[0], "dnssec": "any", "transfer_group": "own"}]
    with World(tmp_path) as world:
        old = two_servers(world, SECOND).replace("CNAME edge", "CNAME old")
        new = two_servers(world, SECOND).replace("host.example.test. 1 ", "host.example.test. 2 ")
        with knot(tmp_path, world.port, new), nsd(tmp_path, world.port, old):
            inside, outside = world.verify(expect(zones=group)), world.verify()
    assert [(f.rule, f.vantage.address) for f in inside.findings] == [("dns.stale-secondary", SECOND)]
    assert [(f.rule, f.vantage.address) for f in outside.findings] == [("dns.wrong-value", SECOND)]


def test_knot_and_nsd_with_the_same_zone_are_silent(tmp_path):
    with World(tmp_path) as world:
        text = two_servers(world, SECOND)
        with knot(tmp_path, world.port, text), nsd(tmp_path, world.port, text):
            result = world.verify(strict=True)
    assert (result.verdict, result.findings) == ("proven", ())


def test_knot_and_nsd_with_the_same_signed_file_are_silent(tmp_path):
    with World(tmp_path) as world:
        text, ds = sign(ZONE, two_servers(world, SECOND))
        world.tld.set(ZONE, "DS", [ds])
        with knot(tmp_path, world.port, text), nsd(tmp_path, world.port, text):
            result = world.verify(expect(zones=SIGNED), strict=True)
    assert (result.verdict, result.findings) == ("proven", ())


def test_a_resolver_in_the_place_of_a_server(tmp_path):
    for access, rule in (("allow_snoop", "dns.non-authoritative"), ("allow", "dns.lame-refused")):
        folder = tmp_path / access
        folder.mkdir()
        with (
            World(folder) as world,
            knot(folder, world.port, two_servers(world, RESOLVER)),
            unbound(folder, world.port, {}, access=access),
        ):
            result = world.verify()
        assert [(f.rule, f.vantage.address) for f in result.findings if f.severity == "error"] == [(rule, RESOLVER)]
        if access == "allow_snoop":
            assert "offers recursion" in result.findings[0].why
