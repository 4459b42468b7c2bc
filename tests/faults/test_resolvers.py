"""What a resolver makes of it: broken signatures against dead servers, filters, answers served stale."""

from __future__ import annotations

from datetime import timedelta

import dns.edns
import dns.message
import dns.rcode
import pytest
from linkproof.verify.judge.dns_copies import MAX_STALE
from linkproof.verify.replay import judge_again

from tests.faults.servers import ValidatingResolver
from tests.verify.survey.test_rounds import CHANGED, OLD, FakeClock, previous
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
        (6, True, "dns.server-failure"),
        (7, False, "dns.server-failure"),
        (None, False, "dns.server-failure"),
        (22, False, "dns.server-failure"),
    ],
)
def test_servfail_is_never_bogus_in_a_zone_without_signatures(tmp_path, extended_error, gives_with_cd, rule):
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


class LosesTheTarget(ValidatingResolver):
    """Has the CNAME, and says of the name that it leads to that it does not exist."""

    soa = ("vendor.test.", 60)
    forgets_cname = False
    address_error: int | None = None

    def respond(self, query, name, record_type, *, tcp):
        if record_type != "A":
            return super().respond(query, name, record_type, tcp=tcp)
        response = dns.message.make_response(query, recursion_available=True)
        response.set_rcode(dns.rcode.NXDOMAIN)
        if self.address_error is not None:
            response.use_edns(0, options=[dns.edns.EDEOption(self.address_error)])
        self._add(response.answer, name, "CNAME", [] if self.forgets_cname else self.answers[name, "CNAME"])
        zone, minimum = self.soa
        self._add(response.authority, zone, "SOA", [f"ns.{zone} host.{zone} 1 900 300 86400 {minimum}"])
        return response


def losing(world: World, **state) -> LosesTheTarget:
    resolver = LosesTheTarget()
    for name, value in state.items():
        setattr(resolver, name, value)
    world.loop.serve_dns(resolver, "127.61.53.1", world.port)
    world.resolvers.append(resolver)
    resolver.answers[CLICK, "CNAME"] = [TARGET]
    return resolver


@pytest.mark.parametrize(
    ("is_empty", "rule", "observed"),
    [
        (False, "dns.missing-name", f"A: NXDOMAIN for {TARGET}"),
        (True, "dns.missing-type", f"A: no address for {TARGET}"),
    ],
)
def test_a_resolver_that_has_no_address_although_the_authorities_do(tmp_path, is_empty, rule, observed):
    folder = tmp_path / "evidence"
    with World(tmp_path) as world:
        if is_empty:
            validating(world).addresses[TARGET] = []
        else:
            losing(world)
        result = world.verify(save=folder)
        assert world.verify(expect(record(resolve="none"))).verdict == "proven", "nobody asks for its addresses"
    (finding,) = result.findings
    assert (finding.rule, finding.severity, finding.id) == (rule, "error", "link/click")
    assert (finding.observed, finding.vantage.kind) == (observed, "resolver")
    assert "127.61.10.1" in finding.expected
    assert "this resolver alone" in finding.why
    assert "resolver" in finding.fix
    assert finding.reproduce.split()[-1] == "A"
    assert judge_again(folder).result.findings == result.findings


@pytest.mark.parametrize(
    ("minimum", "ttl", "seconds"), [(60, 7200, 7200), (7200, 60, 7200), (2 * 86400, 60, 2 * 86400)]
)
def test_it_may_remember_the_target_from_before_the_change_for_the_negative_ttl_of_its_zone(
    tmp_path, minimum, ttl, seconds
):
    """Some take the SOA's TTL and some its MINIMUM, whatever is less; how long it still will, the answer itself says."""
    until = CHANGED + timedelta(seconds=60 + seconds)
    with World(tmp_path) as world:
        losing(world, soa=("vendor.test.", minimum), ttl=ttl)
        late = world.verify(expect(previous=previous()), clock=FakeClock(until - timedelta(seconds=1)))
        new = world.verify(expect(record(changed_at=CHANGED.isoformat())), clock=FakeClock())
        wrong = world.verify(expect(previous=previous()), clock=FakeClock(until + timedelta(seconds=1)))
    ends = until + timedelta(seconds=ttl - 1), FakeClock().now() + timedelta(seconds=ttl)
    for result, end in zip((late, new), ends, strict=True):
        assert (result.verdict, [item.until for item in result.lagging]) == ("lagging", [end])
        assert result.lagging[0].finding.rule == "dns.missing-name"
    assert errors(wrong) == {"dns.missing-name"}


def test_a_negative_answer_that_no_cache_may_keep_is_no_lag(tmp_path):
    with World(tmp_path) as world:
        losing(world, soa=("other.test.", 60))
        result = world.verify(expect(previous=previous()), clock=FakeClock())
    assert errors(result) == {"dns.missing-name"}


def test_a_name_that_was_absent_may_be_missing_for_addresses_as_long_as_for_the_record(tmp_path):
    past = previous(values=[], absent=True)
    with World(tmp_path) as world:
        losing(world, forgets_cname=True, soa=("example.test.", 60), ttl=950)
        late = world.verify(expect(previous=past), clock=FakeClock())
        wrong = world.verify(expect(previous=past), clock=FakeClock(CHANGED + timedelta(seconds=60 + 901)))
        never = world.verify(expect(previous=previous()), clock=FakeClock())
    assert [item.until for item in late.lagging] == [CHANGED + timedelta(seconds=60 + 900)]
    assert errors(wrong) == errors(never) == {"dns.missing-name"}
    assert wrong.findings[0].observed == f"A: NXDOMAIN for {CLICK}"


def test_a_target_that_has_addresses_of_the_other_family_alone_is_healthy(tmp_path):
    with World(tmp_path) as world:
        world.vendor.set(TARGET, "A", None)
        world.vendor.set(TARGET, "AAAA", ["2001:db8::1"])
        validating(world).addresses[TARGET] = []
        result = world.verify()
    assert (result.verdict, result.findings) == ("proven", ())


def test_what_the_resolver_says_of_its_reasons_counts_for_addresses_too(tmp_path):
    with World(tmp_path) as world:
        resolver = losing(world, address_error=15)
        filtered = world.verify()
        resolver.address_error = 19
        stale = world.verify()
        until = CHANGED + timedelta(seconds=60 + 300) + MAX_STALE
        late = world.verify(expect(previous=previous()), clock=FakeClock(until - timedelta(seconds=1)))
    assert [(f.rule, f.severity, f.observed) for f in filtered.findings] == [
        ("dns.filtered", "warning", "A: NXDOMAIN, extended error 15")
    ]
    assert errors(stale) == {"dns.served-stale"}
    assert [item.until for item in late.lagging] == [until]


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
