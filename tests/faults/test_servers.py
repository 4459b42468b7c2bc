"""How one server carries DNS: each fault once for its zone, and the nearest healthy server silent."""

from __future__ import annotations

import pytest
from linkproof.verify.judge.dns_health import server_warnings
from linkproof.verify.observations.answer import Reply, ResourceRecord
from linkproof.verify.observations.vantage import Reachability, ServerAddress, Vantage
from linkproof.verify.observations.zone import ZoneObservation

from tests.faults.servers import (
    DropsEdns,
    DropsEveryOther,
    FailsForAddresses,
    Garbage,
    LosesOneNameOverTcp,
    LowersCase,
    RateLimited,
    RefusesEdnsVersion,
    WithoutQuestion,
    WithoutTcp,
)
from tests.verify.servers import CutsShort, CutsShortWithoutTcp, Honest, RefusesEdns, Spoofed
from tests.verify.world import SHORT, TARGET, World, errors, expect, record, rules


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        (DropsEdns, "dns.edns-dropped"),
        (RefusesEdns, "dns.edns-unsupported"),
        (RefusesEdnsVersion, "dns.edns-unsupported"),
        (LowersCase, "dns.case-mangled"),
        (WithoutTcp, "dns.tcp-unreachable"),
    ],
)
def test_a_quirk_of_a_server_is_one_warning(tmp_path, fault, rule):
    with World(tmp_path, second=fault) as world:
        result = world.verify(**SHORT)
    assert [(finding.rule, finding.severity, finding.id) for finding in result.findings] == [
        (rule, "warning", "zone/example.test")
    ]
    assert result.findings[0].vantage.address == "127.61.3.2"
    assert result.verdict == "proven", "the values are right, and answers arrive"


@pytest.mark.parametrize("fault", [Garbage, WithoutQuestion])
def test_answers_that_cannot_be_read_are_malformed_not_missing(tmp_path, fault):
    with World(tmp_path, second=fault) as world:
        result = world.verify(**SHORT)
    assert [(finding.rule, finding.id) for finding in result.findings] == [("dns.malformed", "zone/example.test")]


@pytest.mark.parametrize("healthy", [Honest, Spoofed, CutsShort])
def test_the_nearest_healthy_servers_are_silent(tmp_path, healthy):
    with World(tmp_path, second=healthy) as world:
        result = world.verify()
    assert (result.verdict, result.findings) == ("proven", ())


def test_loss_on_a_busy_path_is_no_fault_of_edns(tmp_path):
    with World(tmp_path, second=DropsEveryOther) as world:
        result = world.verify(attempts=3, timeout_seconds=0.3)
    assert (result.verdict, result.findings) == ("proven", ())


def test_a_cut_answer_without_tcp_is_an_error_and_a_network_without_tcp_is_not(tmp_path):
    with World(tmp_path, second=CutsShortWithoutTcp) as world:
        assert errors(world.verify(**SHORT)) == {"dns.tcp-unreachable"}
    # no server anywhere takes TCP: then the network may be what blocks it
    with World(tmp_path, CutsShortWithoutTcp, CutsShortWithoutTcp, parents=WithoutTcp) as world:
        blocked = world.verify(**SHORT)
    assert (blocked.verdict, blocked.findings) == ("not-proven", ())
    with World(tmp_path, WithoutTcp, WithoutTcp, parents=WithoutTcp) as world:
        untold = world.verify(**SHORT)
    assert (untold.verdict, untold.findings) == ("proven", ())
    assert any("TCP got no answer" in item.reason for item in untold.optional)


def test_a_failure_for_addresses_alone_is_said_as_such(tmp_path):
    with World(tmp_path, second=FailsForAddresses) as world:
        shown = world.verify()
        for server in (world.first, world.second):
            server.set("url.example.test.", "CNAME", None)
            server.set("url.example.test.", "A", ["127.61.10.1"])
        flat = world.verify(expect(record(served="flattened")))
    for result in (shown, flat):
        (finding,) = result.findings
        assert (finding.rule, finding.observed, finding.vantage.address) == (
            "dns.server-failure", "A: SERVFAIL", "127.61.3.2",
        )  # fmt: skip
        assert finding.reproduce.endswith("url.example.test. A")


def test_one_connection_that_is_lost_is_no_closed_port_and_no_blocked_network(tmp_path):
    with World(tmp_path, second=LosesOneNameOverTcp) as world:
        result = world.verify(**SHORT)
    assert (result.verdict, result.findings) == ("not-proven", ())
    assert "by which this server answered other questions" in result.could_not_check[0].reason


def test_rate_limiting_slows_down_and_goes_over_tcp_and_is_never_drift(tmp_path):
    with World(tmp_path, first=RateLimited, second=RateLimited) as world:
        names = [f"u{number}.example.test." for number in range(12)]
        for server in (world.first, world.second):
            for name in names:
                server.set(name, "CNAME", ["edge.vendor.test."])
        result = world.verify(
            expect(*(record(id=f"link/{name}", name=name) for name in names)), timeout_seconds=0.2, attempts=2
        )
    assert (result.verdict, result.findings) == ("proven", ())
    assert any(cell.vantage.transport == "tcp" for cell in result.cells)


def _zone(*seconds: float) -> ZoneObservation:
    soa = {}
    for number, took in enumerate(seconds, 1):
        server = ServerAddress(f"ns{number}.", f"192.0.2.{number}")
        answer = (ResourceRecord("a.", "SOA", 1, "ns. host. 1 1 1 1 1"),)
        vantage = Vantage("authoritative", server.server, server.address, "udp")
        soa[server] = Reply("a.", "SOA", vantage, "NOERROR", authoritative=True, answer=answer, seconds=took)
    return ZoneObservation("a.", "", None, (), servers=tuple(soa), soa=soa)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [((0.02, 2.5), {"dns.slow"}), ((2.4, 2.5), set()), ((0.02, 1.5), set()), ((2.5,), set())],
)
def test_a_server_is_slow_only_beside_a_quick_one(seconds, expected):
    zone = _zone(*seconds)
    found = server_warnings(zone, zone.servers[-1], Reachability())
    assert {problem.rule for problem in found} == expected


def test_rules_of_servers_count_with_strict(tmp_path):
    with World(tmp_path, second=LowersCase) as world:
        assert world.verify(strict=True).exit_code == 1
        assert rules(world.verify()) == {"dns.case-mangled"}


class SilentForSome(Honest):
    """A filter before the server drops questions about some names."""

    def respond(self, query, name, record_type, *, tcp):
        return None if name.startswith("dropped") else super().respond(query, name, record_type, tcp=tcp)


@pytest.mark.parametrize(("bad", "good"), [(25, 100), (9, 400)])
def test_names_that_a_server_never_answers_leave_the_others_alone(tmp_path, bad, good):
    dropped = [f"dropped{number}.example.test." for number in range(bad)]
    others = [f"url{number}.example.test." for number in range(good)]
    with World(tmp_path, second=SilentForSome) as world:
        for server in (world.first, world.second):
            for name in dropped + others:
                server.set(name, "CNAME", [TARGET])
        result = world.verify(expect(*(record(id=name, name=name) for name in dropped + others)), **SHORT)
        asked = {name for name, _ in world.second.asked}
    assert {(finding.rule, finding.id) for finding in result.findings} == {("dns.timeout", name) for name in dropped}
    assert asked > {*dropped, *others}
    assert not result.could_not_check
