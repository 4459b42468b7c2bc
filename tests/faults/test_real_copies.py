"""What eight real resolvers keep while a CNAME moves: copies by type and form, failures, denials for names never asked, expired answers.

Times are long, so that nothing runs out during a test; where something must run out it lives for a second, and the test waits for that.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dns.message
import dns.query
import dns.rcode
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from linkproof.verify.options import ResolverAddress

from tests.faults import recursors
from tests.faults.daemon import START_SECONDS, ask
from tests.faults.dnsdist import ADDRESS as DNSDIST
from tests.faults.dnsdist import dnsdist
from tests.faults.named import ADDRESS as NAMED
from tests.faults.named import named_resolver
from tests.faults.real import RESOLVER as UNBOUND
from tests.faults.real import SERVER, ZONE, knot, unbound
from tests.faults.signing import sign
from tests.faults.zonefiles import CLICK_LINE, ELSEWHERE, delegate, zone_text
from tests.verify.servers import Honest, Resolver
from tests.verify.survey.test_rounds import OLD, previous
from tests.verify.world import CLICK, TARGET, World, errors, expect

UPSTREAM = "127.61.53.1"
STUBS = {ZONE: "127.61.3.1"}
ADDRESSES = {
    "unbound": UNBOUND,
    "named": NAMED,
    "kresd": recursors.KRESD,
    "pdns": recursors.PDNS,
    "dnsmasq": recursors.DNSMASQ,
    "dnsdist": DNSDIST,
    "coredns": recursors.COREDNS,
}
# PowerDNS does so as well, but not for a zone whose servers it is told (seen with 4.8.8), and here it cannot find any by itself.
DENYING = ("unbound", "named", "kresd")
# kresd takes no zone's server inside 127/8 from anybody, so it asks a resolver as well.
FORWARDING = ("kresd", "dnsmasq", "dnsdist", "coredns")


class Later:
    """The machine's clock, set forward; it really waits."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def moved_now(**changes: Any) -> list[dict[str, Any]]:
    """The record's past, which ended a moment ago."""
    return previous(**{"changed_at": datetime.now(UTC).isoformat(), "ttl_seconds": 86_400, **changes})


def plainly(who: str, world: World, name: str, record_type: str) -> dns.message.Message:
    """A question as programs put it: RD alone."""
    query = dns.message.make_query(name, record_type, use_edns=False)
    return dns.query.udp(query, ADDRESSES[who], timeout=START_SECONDS, port=world.port)


def at(who: str, world: World) -> dict[str, Any]:
    return {"resolvers": (ResolverAddress("udp", ADDRESSES[who], world.port),), "timeout_seconds": 5}


@contextlib.contextmanager
def resolver(who: str, folder: Path, world: World, *options: str):
    """The program over the world's zones; one that only forwards asks a resolver without a cache."""
    if who in FORWARDING and not world.resolvers:
        world.add_resolver().answers[CLICK, "CNAME"] = [OLD]
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        if who == "unbound":
            enter(unbound(folder, world.port, {}, stubs=STUBS, options="".join(f"    {line}\n" for line in options)))
        elif who == "named":
            enter(named_resolver(folder, world.port, world.hints, {}))
        elif who == "pdns":
            servers = {ZONE: ["127.61.3.1", "127.61.3.2"], "vendor.test.": ["127.61.2.1"]}
            enter(recursors.pdns_recursor(folder, world.port, servers))
        elif who == "kresd":
            enter(recursors.kresd(folder, world.port, UPSTREAM))
        elif who == "dnsmasq":
            enter(recursors.dnsmasq(folder, world.port, UPSTREAM, *options))
        elif who == "coredns":
            enter(recursors.coredns(folder, world.port, UPSTREAM, *options))
        else:
            cache = ["pc = newPacketCache(100, {maxTTL=86400})", 'getPool(""):setCache(pc)', "setACL('127.0.0.0/8')"]
            enter(dnsdist(folder, world.port, UPSTREAM, CLICK, [*cache, *options]))
        yield


def move(world: World, value: str) -> None:
    for server in (world.first, world.second):
        server.set(CLICK, "CNAME", [value])
    for upstream in world.resolvers:
        upstream.answers[CLICK, "CNAME"] = [value]


@pytest.mark.parametrize("who", ADDRESSES)
def test_who_asked_for_the_address_before_the_move_keeps_the_old_edge_until_its_ttl(tmp_path, who):
    """Everybody at that resolver goes there, whatever it says when it is asked for the CNAME."""
    with World(tmp_path) as world:
        move(world, OLD)
        with resolver(who, tmp_path, world):
            assert plainly(who, world, CLICK, "A").answer[0][0].to_text() == OLD
            move(world, TARGET)
            result = world.verify(expect(previous=moved_now()), **at(who, world))
            wrong = world.verify(expect(), **at(who, world))
    assert (result.verdict, result.findings) == ("lagging", ())
    (late,) = result.lagging
    assert late.finding.observed.endswith(OLD)
    assert timedelta(0) < late.until - datetime.now(UTC) <= timedelta(seconds=300), "what is left of the copy"
    if who != "dnsmasq":  # the next question for the CNAME alone gives it the new one for all types
        assert errors(wrong) == {"dns.wrong-value"}, "nothing is known that it may hold"
    if who in {"dnsdist", "coredns"}:
        assert late.finding.observed.startswith("A"), "the CNAME alone is new there"


@pytest.mark.parametrize("who", ADDRESSES)
def test_a_resolver_that_knows_nothing_old_is_proven(tmp_path, who):
    with World(tmp_path) as world, resolver(who, tmp_path, world):
        move(world, TARGET)
        result = world.verify(expect(previous=moved_now()), **at(who, world))
    assert (result.verdict, result.findings) == ("proven", ())


class FailsWhileTold:
    """A server or resolver whose every answer is a failure, for as long as the test says so."""

    failing: dns.rcode.Rcode | None = None

    def respond(self, query, name, record_type, *, tcp):
        if self.failing is None or name != CLICK:
            return super().respond(query, name, record_type, tcp=tcp)
        response = dns.message.make_response(query)
        response.set_rcode(self.failing)
        return response


class FailingServer(FailsWhileTold, Honest):
    pass


class FailingResolver(FailsWhileTold, Resolver):
    pass


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("unbound", dns.rcode.SERVFAIL),
        ("named", dns.rcode.SERVFAIL),
        ("kresd", dns.rcode.SERVFAIL),
        ("pdns", dns.rcode.SERVFAIL),
        ("pdns", dns.rcode.REFUSED),
        ("dnsmasq", dns.rcode.SERVFAIL),
        ("coredns", dns.rcode.SERVFAIL),
        ("dnsdist", dns.rcode.SERVFAIL),
        ("dnsdist", dns.rcode.REFUSED),
    ],
)
def test_a_failure_that_is_remembered_is_no_broken_signature_and_no_policy(tmp_path, who, code):
    """Most forget it while they are asked again; what two of them keep for a minute or two is not proven, and nothing is wrong."""
    with World(tmp_path, FailingServer, FailingServer) as world:
        if who in FORWARDING:
            upstream = FailingResolver()
            upstream.answers[CLICK, "CNAME"] = [TARGET]
            upstream.answers[".", "NS"] = ["a.root."]
            world.loop.serve_dns(upstream, UPSTREAM, world.port)
            world.resolvers.append(upstream)
        failing = [world.first, world.second, *world.resolvers]
        with resolver(who, tmp_path, world):
            for one in failing:
                one.failing = code
            assert plainly(who, world, CLICK, "A").rcode() != dns.rcode.NOERROR
            for one in failing:
                one.failing = None
            result = world.verify(**at(who, world), clock=Later())
    assert result.findings == ()
    assert result.verdict in ({"not-proven", "proven"} if who in {"pdns", "dnsdist"} else {"proven"})
    assert all("--wait" in item.reason for item in result.could_not_check)
    if who == "dnsdist":
        assert result.verdict == "not-proven", "the form that programs use is the one that failed"


@pytest.mark.parametrize("who", DENYING)
def test_a_denial_made_for_a_name_that_nobody_asked_for_lags_as_long_as_its_zone_lets_it(tmp_path, who):
    """Its neighbours' NSEC denies the click host before it is made, and stays so after it (RFC 8198)."""
    lines = ("a A 127.61.10.1", "zz A 127.61.10.1")
    servers = {"ns1": SERVER, **ELSEWHERE}
    # MINIMUM and TTL are hours, and the table of DNS hosts says a minute
    before = zone_text(ZONE, servers, *lines).replace("$TTL 300", "$TTL 7200").replace("86400 60", "86400 7200")
    key = ec.generate_private_key(ec.SECP256R1())
    old, ds = sign(ZONE, before, private=key)
    new, _ = sign(ZONE, before + f"{CLICK_LINE}\n", private=key)
    signed = [{"id": "zone/example.test", "path": "zones.example.test", "name": ZONE}]
    past = moved_now(values=[], absent=True, negative_ttl_seconds=60)
    past[0]["changed_at"] = (datetime.now(UTC) - timedelta(minutes=10)).isoformat()
    with World(tmp_path) as world, contextlib.ExitStack() as stack:
        delegate(world, ZONE, servers, [ds])
        serving = stack.enter_context(contextlib.ExitStack())
        serving.enter_context(knot(tmp_path, world.port, old))
        anchors = {ZONE: [ds]}
        if who == "named":
            stack.enter_context(named_resolver(tmp_path, world.port, world.hints, {ZONE: ds}))
        else:
            options = "    aggressive-nsec: no\n" if who == "kresd" else ""
            stack.enter_context(unbound(tmp_path, world.port, anchors, options=options))
        if who == "kresd":
            stack.enter_context(recursors.kresd(tmp_path, world.port, UNBOUND, ds=ds))
        answer = ask(ADDRESSES[who], world.port, f"turn.{ZONE}", "A", recursive=True, seconds=START_SECONDS)
        assert answer.rcode() == dns.rcode.NXDOMAIN
        serving.close()
        (tmp_path / "later").mkdir()
        stack.enter_context(knot(tmp_path / "later", world.port, new))
        assert plainly(who, world, CLICK, "A").rcode() == dns.rcode.NXDOMAIN, "nobody asked for it before"
        result = world.verify(expect(zones=signed, previous=past), **at(who, world), clock=Later())
    assert (result.verdict, result.findings) == ("lagging", ())
    left = result.lagging[0].until - datetime.now(UTC)
    assert timedelta(minutes=40) < left <= timedelta(hours=2)


@pytest.mark.parametrize(
    ("who", "option"),
    [("unbound", "serve-expired: yes"), ("dnsmasq", "--use-stale-cache"), ("coredns", "serve_stale 1h")],
)
def test_an_expired_answer_that_is_given_once_is_a_stale_one_and_no_filter_a_month_later(tmp_path, who, option):
    with World(tmp_path) as world:
        upstream = world.add_resolver()
        for server in (world.first, world.second, world.vendor, upstream):
            server.ttl = 1
        move(world, OLD)
        short = ["success 9000 3600 1"] if who == "coredns" else []
        with resolver(who, tmp_path, world, option, *short):
            for record_type in ("CNAME", "A"):
                assert plainly(who, world, CLICK, record_type).answer
            move(world, TARGET)
            # the copy lives for a second, and two more where that is the least that its resolver keeps it
            time.sleep(3)
            for server in (world.first, world.second, world.vendor, upstream):
                server.ttl = 300
            month = Later(timedelta(days=30))
            result = world.verify(expect(previous=moved_now(ttl_seconds=60)), **at(who, world), clock=month)
            again = world.verify(expect(previous=moved_now(ttl_seconds=60)), **at(who, world), clock=month)
    assert (result.verdict, errors(result)) == ("proven", set())
    (finding,) = result.findings
    assert (finding.rule, finding.severity) == ("dns.served-stale", "warning")
    assert "filter" not in finding.fix
    assert (again.verdict, again.findings) == ("proven", ())
