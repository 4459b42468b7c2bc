"""What a resolver makes of it: broken signatures against dead servers, filters, answers served stale."""

from __future__ import annotations

from datetime import timedelta

import dns.rcode
import pytest

from infra.verify.judge.dns_resolver import MAX_STALE
from tests.faults.servers import ValidatingResolver
from tests.verify.test_time import CHANGED, OLD, FakeClock, previous
from tests.verify.world import CLICK, TARGET, World, errors, expect, record, rules


def validating(world: World) -> ValidatingResolver:
    resolver = ValidatingResolver()
    world.loop.serve_dns(resolver, f"127.61.53.{len(world.resolvers) + 1}", world.port)
    world.resolvers.append(resolver)
    resolver.answers[CLICK, "CNAME"] = [TARGET]
    return resolver


@pytest.mark.parametrize(
    ("extended_error", "gives_with_cd", "rule"),
    [
        (6, True, "dns.dnssec-bogus"),
        (7, False, "dns.dnssec-bogus"),
        (None, True, "dns.dnssec-bogus"),
        (None, False, "dns.server-failure"),
        (22, False, "dns.server-failure"),
    ],
)
def test_servfail_is_bogus_when_cd_or_the_extended_error_says_so(tmp_path, extended_error, gives_with_cd, rule):
    with World(tmp_path) as world:
        resolver = validating(world)
        assert world.verify().findings == ()
        resolver.rcode, resolver.extended_error = dns.rcode.SERVFAIL, extended_error
        resolver.gives_with_cd = gives_with_cd
        result = world.verify()
    assert errors(result) == {rule}
    (finding,) = result.findings
    assert ("with CD=1" in finding.observed) == gives_with_cd


class GivesUp(ValidatingResolver):
    """Has the CNAME, and no addresses: the chain is too long for it, or the target is broken for it alone."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        if record_type == "A":
            response.set_rcode(dns.rcode.SERVFAIL)
        return response


def test_a_resolver_that_gives_the_cname_and_gives_up_on_the_addresses(tmp_path):
    with World(tmp_path) as world:
        validating(world)
        assert world.verify().verdict == "proven"
        resolver = GivesUp()
        world.loop.serve_dns(resolver, "127.61.53.2", world.port)
        world.resolvers.append(resolver)
        resolver.answers[CLICK, "CNAME"] = [TARGET]
        result = world.verify()
        assert world.verify(expect(record(resolve="none"))).verdict == "proven", "nobody asks for its addresses"
    (finding,) = result.findings
    assert (finding.rule, finding.severity) == ("dns.server-failure", "error")
    assert finding.observed.startswith("A: SERVFAIL")
    assert finding.vantage.address == "127.61.53.2"
    assert finding.reproduce.split()[-1] == "A"


@pytest.mark.parametrize("code", [15, 16, 17])
def test_a_filtered_answer_is_a_warning_and_no_drift(tmp_path, code):
    with World(tmp_path) as world:
        resolver = validating(world)
        resolver.answers.clear()
        resolver.extended_error = code
        result = world.verify()
    assert (rules(result), errors(result), result.verdict) == ({"dns.filtered"}, set(), "proven")


@pytest.mark.parametrize("code", [3, 19])
def test_a_stale_answer_lags_until_it_may_not_be_served_any_more(tmp_path, code):
    with World(tmp_path) as world:
        resolver = validating(world)
        resolver.extended_error = code
        assert world.verify(expect(previous=previous())).findings == (), "stale and right is right"
        resolver.answers[CLICK, "CNAME"] = [OLD]
        assert errors(world.verify()) == {"dns.served-stale"}, "it says so itself, whatever was there before"
        deadline = CHANGED + timedelta(seconds=60 + 300) + MAX_STALE
        late = world.verify(expect(previous=previous()), clock=FakeClock(deadline - timedelta(seconds=1)))
        wrong = world.verify(expect(previous=previous()), clock=FakeClock(deadline + timedelta(seconds=1)))
    assert (late.verdict, late.lagging[0].until) == ("lagging", deadline)
    assert late.lagging[0].finding.rule == "dns.served-stale"
    assert errors(wrong) == {"dns.served-stale"}


def test_without_the_extended_error_an_old_answer_has_only_its_ttl(tmp_path):
    with World(tmp_path) as world:
        resolver = validating(world)
        resolver.answers[CLICK, "CNAME"] = [OLD]
        clock = FakeClock(CHANGED + timedelta(seconds=60 + 301))
        assert errors(world.verify(expect(previous=previous()), clock=clock)) == {"dns.wrong-value"}


@pytest.mark.parametrize(("value", "rule"), [("old.vendor.test.", "dns.wrong-value"), (None, "dns.missing-name")])
def test_another_value_at_a_resolver_alone_is_said_to_be_the_resolvers(tmp_path, value, rule):
    with World(tmp_path) as world:
        resolver = validating(world)
        resolver.answers.pop((CLICK, "CNAME"))
        if value:
            resolver.answers[CLICK, "CNAME"] = [value]
        (finding,) = world.verify().findings
    assert (finding.rule, finding.severity, finding.vantage.kind) == (rule, "error", "resolver")
    assert "this resolver alone" in finding.why
    assert "resolver" in finding.fix


def test_another_value_at_an_authority_is_not_said_to_be_a_resolvers(tmp_path):
    with World(tmp_path) as world:
        validating(world)
        world.second.set(CLICK, "CNAME", ["old.vendor.test."])
        (finding,) = world.verify().findings
    assert (finding.rule, finding.vantage.kind) == ("dns.wrong-value", "authoritative")
    assert "resolver" not in finding.why
