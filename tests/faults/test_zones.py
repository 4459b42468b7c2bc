"""Faults of a delegation: every parent server's view, names without address, zones below and beside."""

from __future__ import annotations

import asyncio

import pytest
from linkproof.verify.evidence.writer import EvidenceWriter
from linkproof.verify.observations.vantage import ServerAddress
from linkproof.verify.observe.dns.transport import DnsTransport
from linkproof.verify.observe.dns.walk import Walker
from linkproof.verify.observe.reachability import ReachabilityLog

from tests.faults.servers import CompactDenial, RefersBelow
from tests.verify.servers import Fails, Honest, Refuses, Silent
from tests.verify.world import CLICK, EDGE_ADDRESS, SHORT, TARGET, World, errors, expect, record, rules

SECOND_PARENT = "127.61.1.2"


def second_parent(world: World, kind: type[Honest] = Honest) -> Honest:
    """One more server of `test.`, at first with the same content."""
    parent = kind()
    for server in (world.root, world.tld):
        server.set("test.", "NS", ["a.nic.test.", "b.nic.test."])
        server.set("b.nic.test.", "A", [SECOND_PARENT])
    parent.zones = {zone: {key: list(values) for key, values in rows.items()} for zone, rows in world.tld.zones.items()}
    world.loop.serve_dns(parent, SECOND_PARENT, world.port)
    return parent


def test_a_parent_server_with_an_older_delegation_is_a_warning(tmp_path):
    with World(tmp_path) as world:
        parent = second_parent(world)
        assert world.verify().findings == ()
        parent.set("example.test.", "NS", ["ns1.example.test."])
        result = world.verify()
    assert [(f.rule, f.severity, f.vantage.address) for f in result.findings] == [
        ("dns.parents-disagree", "warning", SECOND_PARENT)
    ]
    assert result.verdict == "proven"


def test_a_parent_server_without_the_delegation_is_an_error(tmp_path):
    with World(tmp_path) as world:
        second_parent(world).set("example.test.", "NS", None)
        result = world.verify()
    assert errors(result) == {"dns.parents-disagree"}
    assert "no delegation" in result.findings[0].observed


def test_a_server_that_only_one_of_the_parents_names_is_asked_as_well(tmp_path):
    with World(tmp_path) as world:
        parent = second_parent(world)
        parent.set("example.test.", "NS", ["ns1.example.test.", "ns2.example.test.", "old.vendor.test."])
        world.loop.serve_dns(refuses := Refuses(), EDGE_ADDRESS, world.port)
        result = world.verify()
    assert errors(result) == {"dns.lame-refused"}
    assert rules(result) - errors(result) == {"dns.parents-disagree"}
    assert refuses.asked["example.test.", "SOA"] >= 1


def test_a_server_of_both_zones_says_nothing_about_the_delegation(tmp_path):
    with World(tmp_path) as world:
        parent = second_parent(world)
        content = {("example.test.", "NS"): ["ns1.example.test."], ("ns1.example.test.", "A"): ["127.61.3.1"]}
        parent.load("example.test.", content)
        result = world.verify()
    assert (result.verdict, result.findings) == ("proven", ())


@pytest.mark.parametrize("kind", [Silent, Fails])
def test_a_parent_server_that_does_not_answer_is_somebody_elses_business(tmp_path, kind):
    with World(tmp_path) as world:
        second_parent(world, kind)
        result = world.verify(**SHORT)
    assert (result.verdict, result.findings) == ("proven", ())


def test_a_listed_server_whose_name_nobody_has_is_a_dangling_delegation(tmp_path):
    with World(tmp_path) as world:
        names = ["ns1.example.test.", "ns2.example.test.", "ns.gone.test."]
        world.tld.set("example.test.", "NS", names)
        assert errors(world.verify()) == {"dns.dangling-delegation"}
        world.vendor.set("ns3.vendor.test.", "A", ["127.61.3.1"])
        for server in (world.tld, world.first, world.second):
            server.set("example.test.", "NS", ["ns1.example.test.", "ns2.example.test.", "ns3.vendor.test."])
        assert world.verify().findings == ()


def test_a_server_that_refers_one_name_further_down(tmp_path):
    with World(tmp_path, second=RefersBelow) as world:
        assert world.verify().verdict == "proven"
        world.second.name = CLICK
        result = world.verify()
    assert errors(result) == {"dns.delegated-below"}


@pytest.mark.parametrize("host", [f"url{number}.example.test." for number in range(4)])
def test_one_server_that_sees_a_zone_of_its_own_is_found_whoever_is_asked_first(tmp_path, host):
    """The servers take turns, by the name; two of them cannot outvote each other, so that nothing is believed below the name."""
    click = record(name=host)
    with World(tmp_path, second=RefersBelow) as world:
        for server in (world.first, world.second):
            server.set(host, "CNAME", [TARGET])
        world.second.name = host
        result = world.verify(expect(click))
    assert errors(result) == {"dns.delegated-below"}
    assert {finding.vantage.address for finding in result.findings} == {"127.61.3.2"}


@pytest.mark.parametrize("host", [f"url{number}.sub.example.test." for number in range(4)])
def test_a_zone_below_is_found_though_one_server_has_not_heard_of_it(tmp_path, host):
    with World(tmp_path) as world:
        names = ["ns1.example.test.", "ns2.example.test.", "ns3.example.test."]
        world.loop.serve_dns(third := Honest(), "127.61.3.3", world.port)
        world.tld.set("example.test.", "NS", names)
        for server in (world.tld, world.first, world.second):
            server.set("ns3.example.test.", "A", ["127.61.3.3"])
            server.set("example.test.", "NS", names)
        third.load("example.test.", dict(world.first.zones["example.test."]))
        for server in (world.first, third):
            server.set("sub.example.test.", "NS", ["ns.vendor.test."])
        world.vendor.load(
            "sub.example.test.", {("sub.example.test.", "NS"): ["ns.vendor.test."], (host, "CNAME"): [TARGET]}
        )
        result = world.verify(expect(record(name=host)))
    assert {cell.vantage.server for cell in result.cells if cell.id == "link/click" and cell.state == "right"} >= {
        "ns.vendor.test."
    }
    assert "dns.delegated-below" not in rules(result)


def test_a_server_that_left_a_question_unanswered_is_asked_last_from_then_on(tmp_path):
    """One after the other, each look-up that began with it would wait for a whole time-out."""

    async def look_up():
        reached, evidence = ReachabilityLog(), EvidenceWriter(None)
        transport = DnsTransport(timeout_seconds=0.2, attempts=1, reached=reached, evidence=evidence)
        walker = Walker(transport, (ServerAddress("a.root.", "127.61.0.1"),), world.port)
        try:
            return [await walker.resolve(f"url{number}.example.test.", "CNAME") for number in range(20)]
        finally:
            transport.close()

    with World(tmp_path, second=Silent) as world:
        for number in range(20):
            world.first.set(f"url{number}.example.test.", "CNAME", [TARGET])
        found = asyncio.run(look_up())
        assert {one.status for one in found} == {"found"}
        assert sum(world.second.asked.values()) == 1


def test_questions_about_many_names_are_spread_over_the_servers(tmp_path):
    hosts = [f"url{number}.example.test." for number in range(60)]
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            for host in hosts:
                server.set(host, "CNAME", [TARGET])
        clicks = [record(id=f"link{number}/click", name=host) for number, host in enumerate(hosts)]
        assert world.verify(expect(*clicks)).verdict == "proven"
    walked = [sum(server.asked[host, "NS"] for host in hosts) for server in (world.first, world.second)]
    assert sum(walked) == len(hosts), "each name's zone is looked for once"
    assert min(walked) > len(hosts) // 4


def test_the_zone_appended_twice(tmp_path):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", None)
        assert errors(world.verify()) == {"dns.missing-name"}
        for server in (world.first, world.second):
            server.set(f"{CLICK}example.test.", "CNAME", [TARGET])
        result = world.verify()
    assert errors(result) == {"dns.double-suffix"}
    assert "url.example.test.example.test." in result.findings[0].observed


def test_a_compact_denial_is_a_missing_name_and_a_plain_one_a_missing_type(tmp_path):
    with World(tmp_path, CompactDenial, CompactDenial) as world:
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", None)
        assert errors(world.verify()) == {"dns.missing-name"}
        for server in (world.first, world.second):
            server.set(CLICK, "TXT", ["here"])
        assert errors(world.verify()) == {"dns.missing-type"}


@pytest.mark.parametrize(("length", "expected"), [(8, set()), (9, {"dns.chain-depth"})])
def test_more_than_eight_cnames_are_a_warning(tmp_path, length, expected):
    with World(tmp_path) as world:
        chain = [f"c{number}.vendor.test." for number in range(1, length)]
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", [chain[0]])
        for here, there in zip(chain, [*chain[1:], TARGET], strict=True):
            world.vendor.set(here, "CNAME", [there])
        result = world.verify(expect(record(values=[chain[0]])))
    assert (rules(result), result.verdict) == (expected, "proven")


def test_a_dname_above_the_record_is_followed(tmp_path):
    class WithDname(Honest):
        def respond(self, query, name, record_type, *, tcp):
            if not name.endswith(".old.example.test."):
                return super().respond(query, name, record_type, tcp=tcp)
            response = super().respond(query, "old.example.test.", "DNAME", tcp=tcp)
            target = name.replace(".old.example.test.", ".vendor.test.")
            self._add(response.answer, name, "CNAME", [target])
            return response

    with World(tmp_path, WithDname, WithDname) as world:
        for server in (world.first, world.second):
            server.set("old.example.test.", "DNAME", ["vendor.test."])
        result = world.verify(expect(record(name="edge.old.example.test.")))
    assert (result.verdict, result.findings) == ("proven", ())
