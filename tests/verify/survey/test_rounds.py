"""Old or wrong: with the moment until which an answer may be old, and resolvers asked last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import dns.rcode
import pytest

from tests.faults.test_zones import second_parent
from tests.verify.servers import Silent
from tests.verify.world import CLICK, SHORT, TARGET, World, errors, expect, record, rules

OLD = "old.vendor.test."
CHANGED = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class FakeClock:
    """Time stands still until someone sleeps; `at` runs what happens at a moment."""

    def __init__(self, start=CHANGED + timedelta(seconds=10)):
        self.moment = start
        self.slept = []
        self.at = []

    def now(self):
        return self.moment

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)
        for moment, action in list(self.at):
            if self.moment >= moment:
                self.at.remove((moment, action))
                action()


def previous(**changes):
    return [
        {
            "record": "link/click",
            "values": [OLD],
            "ttl_seconds": 300,
            "negative_ttl_seconds": 900,
            "changed_at": CHANGED.isoformat(),
            **changes,
        }
    ]


def test_the_old_value_is_lagging_until_the_zone_has_had_its_time(tmp_path):
    with World(tmp_path) as world:
        world.second.set(CLICK, "CNAME", [OLD])
        late = world.verify(expect(previous=previous()), clock=FakeClock())
        assert (late.verdict, late.exit_code, late.findings) == ("lagging", 4, ())
        assert late.lagging[0].until == CHANGED + timedelta(seconds=60)
        assert late.lagging[0].finding.fix.startswith("wait")
        assert late.to_json()["lagging"][0]["until"] == "2026-11-22T10:01:00Z"
        wrong = world.verify(expect(previous=previous()), clock=FakeClock(CHANGED + timedelta(seconds=61)))
        assert errors(wrong) == {"dns.wrong-value"}


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_third_value_is_wrong_at_once_and_leads_nobody_astray(tmp_path, which):
    with World(tmp_path) as world:
        getattr(world, which).set(CLICK, "CNAME", ["third.vendor.test."])
        assert errors(world.verify(expect(previous=previous()), clock=FakeClock())) == {"dns.wrong-value"}


def test_a_new_name_may_be_missing_for_a_while_and_an_old_one_not(tmp_path):
    with World(tmp_path) as world:
        world.second.set(CLICK, "CNAME", None)
        new = world.verify(expect(previous=previous(values=[], absent=True)), clock=FakeClock())
        assert new.verdict == "lagging"
        assert errors(world.verify(expect(previous=previous()), clock=FakeClock())) == {"dns.missing-name"}


def test_a_stale_secondary_is_lagging_not_wrong_within_its_refresh(tmp_path):
    zones = [{"id": "zone/example.test", "name": "example.test.", "transfer_group": "ours"}]
    with World(tmp_path) as world:
        for server, serial in ((world.first, 5), (world.second, 4)):
            content = {k: v for k, v in server.zones["example.test."].items() if k[1] != "SOA"}
            server.load("example.test.", content, serial)
        world.second.set(CLICK, "CNAME", [OLD])
        after_propagation = FakeClock(CHANGED + timedelta(seconds=120))
        within = world.verify(expect(zones=zones, previous=previous()), clock=after_propagation)
        assert within.verdict == "lagging"
        assert within.lagging[0].finding.rule == "dns.stale-secondary"
        assert within.lagging[0].until == CHANGED + timedelta(seconds=900)
        beyond = world.verify(
            expect(zones=zones, previous=previous()), clock=FakeClock(CHANGED + timedelta(seconds=901))
        )
        assert errors(beyond) == {"dns.stale-secondary"}
        unrelated = world.verify(expect(previous=previous()), clock=FakeClock(CHANGED + timedelta(seconds=120)))
        assert errors(unrelated) == {"dns.wrong-value"}, "serials of servers outside a transfer group say nothing"


def test_no_resolver_is_asked_before_every_authority_is_right(tmp_path):
    with World(tmp_path) as world:
        resolver = world.add_resolver()
        resolver.answers[CLICK, "CNAME"] = [TARGET]
        world.second.set(CLICK, "CNAME", ["third.vendor.test."])
        result = world.verify()
        assert not resolver.asked
        assert result.exit_code == 1
        assert any("not asked" in item.reason for item in result.could_not_check)
        world.second.set(CLICK, "CNAME", [OLD])
        assert world.verify(expect(previous=previous()), clock=FakeClock()).verdict == "lagging"
        assert not resolver.asked
        world.second.set(CLICK, "CNAME", [TARGET])
        assert world.verify().verdict == "proven"
        assert resolver.asked


def test_among_many_names_a_resolver_is_asked_for_those_alone_that_are_right_everywhere(tmp_path):
    """They are asked some at a time, and resolvers for the first while authorities are asked for the next."""
    hosts = [f"url{number}.example.test." for number in range(120)]
    wrong = {"url7.example.test.", "url110.example.test."}
    with World(tmp_path) as world:
        resolver = world.add_resolver()
        for host in hosts:
            world.first.set(host, "CNAME", [TARGET])
            world.second.set(host, "CNAME", ["elsewhere.test."] if host in wrong else [TARGET])
            resolver.answers[host, "CNAME"] = [TARGET]
        clicks = [record(id=f"{host}/click", name=host) for host in hosts]
        # one of two records of a name is right, and the other is not
        both = [*clicks, record(id="text", name=hosts[3], type="TXT", values=['"not there"'], resolve="none")]
        result = world.verify(expect(*both))
    asked = {name for name, _ in resolver.asked}
    assert asked == set(hosts) - wrong - {hosts[3]}
    assert {finding.name for finding in result.findings} == {*wrong, hosts[3]}


OWNER = "owner.example.test."


@pytest.mark.parametrize("late", ["first", "second"])
def test_a_resolver_is_asked_for_no_name_that_leads_through_one_that_is_not_right_yet(tmp_path, late):
    """To answer for the first name it would ask for the second, and keep the NXDOMAIN that one server still gives."""
    both = (record(values=[OWNER]), record(id="link/owner", name=OWNER))
    clock = FakeClock()
    with World(tmp_path) as world:
        resolver = world.add_resolver()
        resolver.answers[CLICK, "CNAME"], resolver.answers[OWNER, "CNAME"] = [OWNER], [TARGET]
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", [OWNER])
            server.set(OWNER, "CNAME", [TARGET])
        getattr(world, late).set(OWNER, "CNAME", None)
        result = world.verify(expect(*both))
        assert errors(result) == {"dns.missing-name"}
        assert not resolver.asked
        assert {item.id for item in result.could_not_check} == {"link/click", "link/owner"}
        soon = clock.now() + timedelta(seconds=2)
        clock.at.append((soon, lambda: getattr(world, late).set(OWNER, "CNAME", [TARGET])))
        assert world.verify(expect(*both), clock=clock, wait_seconds=60).verdict == "proven"
        assert resolver.asked[CLICK, "CNAME"] == resolver.asked[OWNER, "CNAME"] == 1


def test_no_resolver_is_asked_for_a_name_whose_zone_a_server_above_does_not_know(tmp_path):
    with World(tmp_path) as world:
        resolver = world.add_resolver()
        resolver.answers[CLICK, "CNAME"] = [TARGET]
        parent = second_parent(world)
        assert world.verify().verdict == "proven"
        assert resolver.asked
        resolver.asked.clear()
        parent.set("example.test.", "NS", None)
        result = world.verify()
    assert errors(result) == {"dns.parents-disagree"}
    assert not resolver.asked


def test_a_resolver_may_hold_the_old_value_for_its_ttl_after_the_authorities(tmp_path):
    with World(tmp_path) as world:
        resolver = world.add_resolver()
        resolver.answers[CLICK, "CNAME"], resolver.ttl = [OLD], 160
        result = world.verify(expect(previous=previous()), clock=FakeClock(CHANGED + timedelta(seconds=200)))
        assert (result.verdict, result.lagging[0].until) == ("lagging", CHANGED + timedelta(seconds=60 + 300))
        assert result.lagging[0].finding.vantage.kind == "resolver"
        assert errors(world.verify(expect(previous=previous()), clock=FakeClock(CHANGED + timedelta(seconds=361)))) == {
            "dns.wrong-value"
        }


def test_a_resolver_may_deny_a_new_name_for_the_negative_ttl(tmp_path):
    with World(tmp_path) as world:
        world.add_resolver()
        new = previous(values=[], absent=True)
        result = world.verify(expect(previous=new), clock=FakeClock(CHANGED + timedelta(seconds=600)))
        assert (result.verdict, result.lagging[0].until) == ("lagging", CHANGED + timedelta(seconds=60 + 900))
        assert errors(world.verify(expect(previous=new), clock=FakeClock(CHANGED + timedelta(seconds=961)))) == {
            "dns.missing-name"
        }


@pytest.mark.parametrize(
    ("rcode", "extended_error", "verdict", "expected"),
    [
        (dns.rcode.SERVFAIL, None, "differs", {"dns.server-failure"}),
        (dns.rcode.REFUSED, None, "not-proven", set()),
        (dns.rcode.NXDOMAIN, 15, "proven", {"dns.filtered"}),
    ],
)
def test_a_resolver_that_fails_refuses_or_filters_is_told_apart(tmp_path, rcode, extended_error, verdict, expected):
    with World(tmp_path) as world:
        resolver = world.add_resolver()
        resolver.rcode, resolver.extended_error = rcode, extended_error
        result = world.verify()
    assert (result.verdict, rules(result)) == (verdict, expected)


def test_a_dead_resolver_is_a_finding_of_its_own(tmp_path):
    with World(tmp_path) as world:
        world.add_resolver().answers[CLICK, "CNAME"] = [TARGET]
        dead = Silent()
        world.loop.serve_dns(dead, "127.61.53.2", world.port)
        world.resolvers.append(dead)
        result = world.verify(**SHORT)
    assert {(finding.rule, finding.vantage.address) for finding in result.findings} == {("dns.timeout", "127.61.53.2")}


def test_waiting_polls_only_what_is_not_right_and_ends_when_it_is(tmp_path):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set("b.example.test.", "CNAME", [TARGET])
        world.second.set(CLICK, "CNAME", [OLD])
        clock = FakeClock()
        clock.at.append((CHANGED + timedelta(seconds=15), lambda: world.second.set(CLICK, "CNAME", [TARGET])))
        told = []
        both = expect(record(), record(id="link/b", name="b.example.test."), previous=previous())
        result = world.verify(both, clock=clock, wait_seconds=600, progress=told.append)
        assert result.verdict == "proven"
        assert clock.slept == [1, 2, 4]
        assert world.second.asked["b.example.test.", "CNAME"] == 1
        assert any("may be old until 10:01:00" in line for line in told)


def test_waiting_ends_when_its_bound_has_passed(tmp_path):
    with World(tmp_path) as world:
        world.second.set(CLICK, "CNAME", ["third.vendor.test."])
        clock = FakeClock()
        result = world.verify(clock=clock, wait_seconds=20)
    assert result.exit_code == 1
    assert sum(clock.slept) == 20
