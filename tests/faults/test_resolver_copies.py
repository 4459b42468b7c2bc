"""A resolver keeps a copy for each type and form of a question, remembers failures and serves expired answers."""

from __future__ import annotations

from datetime import timedelta

import dns.rcode
import pytest
from linkproof.verify.replay import judge_again

from tests.faults.servers import ValidatingResolver
from tests.verify.servers import Resolver
from tests.verify.survey.test_rounds import CHANGED, OLD, FakeClock, previous
from tests.verify.world import CLICK, PATIENT, TARGET, World, errors, expect, record


def long_ago() -> FakeClock:
    """A month after the change: nothing known allows an old answer any more."""
    return FakeClock(CHANGED + timedelta(days=30))


class KeepsCopies(Resolver):
    """Has the old CNAME in what it keeps for some types and forms of a question."""

    old_types: frozenset[str] = frozenset({"A", "AAAA", "HTTPS"})
    old_forms = frozenset({"plain", "edns"})
    left = 200

    def respond(self, query, name, record_type, *, tcp):
        form = "edns" if query.edns >= 0 else "plain"
        value, ttl = (OLD, self.left) if record_type in self.old_types and form in self.old_forms else (TARGET, 300)
        self.answers[CLICK, "CNAME"], self.ttl = [value], ttl
        return super().respond(query, name, record_type, tcp=tcp)


def serve(world: World, resolver: Resolver, **state) -> Resolver:
    for name, value in state.items():
        setattr(resolver, name, value)
    resolver.answers[CLICK, "CNAME"] = [TARGET]
    world.loop.serve_dns(resolver, f"127.61.53.{len(world.resolvers) + 1}", world.port)
    world.resolvers.append(resolver)
    return resolver


@pytest.mark.parametrize(
    ("record_type", "form"), [("A", "edns"), ("A", "plain"), ("AAAA", "plain"), ("HTTPS", "plain")]
)
def test_the_old_cname_in_what_users_ask_for_lags_until_its_ttl(tmp_path, record_type, form):
    folder, clock = tmp_path / "evidence", FakeClock()
    with World(tmp_path) as world:
        serve(world, KeepsCopies(), old_types={record_type}, old_forms={form})
        early = world.verify(expect(previous=previous()), clock=clock, save=folder)
        wrong = world.verify(expect(previous=previous()), clock=long_ago())
        unknown = world.verify()
    assert (early.verdict, early.findings) == ("lagging", ())
    assert [item.until for item in early.lagging] == [CHANGED + timedelta(seconds=10 + 200)]
    finding = early.lagging[0].finding
    assert (finding.asked_type, finding.observed.endswith(f": {OLD}")) == (record_type, True)
    assert ("as programs do" in finding.observed) == (form == "plain")
    assert errors(wrong) == errors(unknown) == {"dns.wrong-value"}
    assert judge_again(folder).result.lagging == early.lagging


def test_every_copy_has_a_time_of_its_own_and_the_last_one_counts(tmp_path):
    class Each(KeepsCopies):
        def respond(self, query, name, record_type, *, tcp):
            self.left = {"A": 50, "AAAA": 250, "HTTPS": 100}.get(record_type, 0)
            return super().respond(query, name, record_type, tcp=tcp)

    with World(tmp_path) as world:
        serve(world, Each())
        result = world.verify(expect(previous=previous()), clock=FakeClock())
    assert [item.until for item in result.lagging] == [CHANGED + timedelta(seconds=10 + 250)]


@pytest.mark.parametrize(("record_type", "address"), [("A", "127.61.10.9"), ("AAAA", "2001:db8::9")])
def test_addresses_of_the_time_when_the_name_was_proxied_lag(tmp_path, record_type, address):
    class KeepsAddresses(Resolver):
        def respond(self, query, name, record_type_, *, tcp):
            self.answers = {(CLICK, record_type): [address], (CLICK, "CNAME"): [TARGET]}
            return super().respond(query, name, record_type_, tcp=tcp)

    past = previous(values=[], served="proxied")
    with World(tmp_path) as world:
        serve(world, KeepsAddresses())
        late = world.verify(expect(previous=past), clock=FakeClock())
        wrong = world.verify(expect(previous=previous()), clock=FakeClock())
    assert (late.verdict, late.findings) == ("lagging", ())
    assert errors(wrong) == {"dns.cname-coexistence"}


def test_each_state_that_the_record_ever_had_counts_for_its_own_ttl(tmp_path):
    """Three values within a day: the first was served with a long TTL, which was lowered before the move."""
    first, second = "first.vendor.test.", "second.vendor.test."
    past = [
        *previous(values=[first], ttl_seconds=86400, changed_at=(CHANGED - timedelta(hours=2)).isoformat()),
        *previous(values=[first], ttl_seconds=60, changed_at=(CHANGED - timedelta(hours=1)).isoformat()),
        *previous(values=[second], ttl_seconds=60),
    ]
    with World(tmp_path) as world:
        resolver = world.add_resolver()
        resolver.ttl = 0
        found = {}
        for value, hours in ((first, 20), (first, 23), (second, 0), (second, 1)):
            resolver.answers[CLICK, "CNAME"] = [value]
            clock = FakeClock(CHANGED + timedelta(hours=hours, seconds=10))
            result = world.verify(expect(previous=past), clock=clock)
            found[value, hours] = (result.verdict, [item.until - CHANGED for item in result.lagging])
        world.second.set(CLICK, "CNAME", [first])
        authority = world.verify(expect(previous=past), clock=FakeClock())
    assert found == {
        (first, 20): ("lagging", [timedelta(hours=22, seconds=60)]),
        (first, 23): ("differs", []),
        (second, 0): ("lagging", [timedelta(seconds=120)]),
        (second, 1): ("differs", []),
    }
    assert errors(authority) == {"dns.wrong-value"}, "an authority had to leave that value long ago"


@pytest.mark.parametrize("value", ["never.declared.test.", None])
def test_where_the_past_is_not_known_any_other_answer_may_be_old_until_its_end(tmp_path, value):
    past = previous(values=[], unknown=True, ttl_seconds=3600, negative_ttl_seconds=60)
    with World(tmp_path) as world:
        resolver = world.add_resolver()
        resolver.ttl = 0
        resolver.answers[CLICK, "CNAME"] = [value] if value else []
        late = world.verify(expect(previous=past), clock=FakeClock(CHANGED + timedelta(seconds=3600)))
        wrong = world.verify(expect(previous=past), clock=FakeClock(CHANGED + timedelta(seconds=3661)))
        world.second.set(CLICK, "CNAME", [value] if value else None)
        authority = world.verify(expect(previous=past), clock=FakeClock())
    assert (late.verdict, [item.until for item in late.lagging]) == ("lagging", [CHANGED + timedelta(seconds=3660)])
    assert wrong.verdict == "differs"
    assert authority.verdict == "lagging"


class CountsDown(Resolver):
    """A cache with one second less at each question; `step` 0 is a zone of its own."""

    left, step = 80_000, 1

    def respond(self, query, name, record_type, *, tcp):
        self.left -= self.step
        self.ttl = self.left
        return super().respond(query, name, record_type, tcp=tcp)


@pytest.mark.parametrize(("step", "verdict"), [(1, "lagging"), (0, "differs")])
def test_an_old_copy_with_a_longer_ttl_than_is_known_is_a_cache_within_its_ttl_where_it_counts_down(
    tmp_path, step, verdict
):
    clock = FakeClock(CHANGED + timedelta(hours=1))
    with World(tmp_path) as world:
        serve(world, CountsDown(), step=step).answers[CLICK, "CNAME"] = [OLD]
        result = world.verify(expect(previous=previous(ttl_seconds=60)), clock=clock)
    assert result.verdict == verdict
    if verdict == "lagging":
        assert timedelta(seconds=79_900) < result.lagging[0].until - clock.now() < timedelta(seconds=80_000)


class ServesExpired(Resolver):
    """The first answer to each question is the expired one, and the next is new."""

    def respond(self, query, name, record_type, *, tcp):
        question = (record_type, query.edns)
        self.answers[CLICK, "CNAME"] = [TARGET if question in self.had else self.value]
        self.had.add(question)
        return super().respond(query, name, record_type, tcp=tcp)


def expired(value: str = OLD) -> ServesExpired:
    resolver = ServesExpired()
    resolver.had, resolver.value = set(), value
    return resolver


def test_an_old_answer_that_the_next_question_does_not_repeat_is_a_stale_one_however_late(tmp_path):
    folder = tmp_path / "evidence"
    with World(tmp_path) as world:
        serve(world, expired())
        result = world.verify(expect(previous=previous()), clock=long_ago(), save=folder, **PATIENT)
        again = world.verify(expect(previous=previous()), clock=long_ago(), **PATIENT)
    assert (result.verdict, again.findings) == ("proven", ())
    (finding,) = result.findings
    assert (finding.rule, finding.severity) == ("dns.served-stale", "warning")
    assert "the next answer to the same question was right" in finding.why
    assert "filter" not in finding.fix
    assert judge_again(folder).result.findings == result.findings


def test_an_answer_that_comes_and_goes_and_never_was_right_is_no_stale_one(tmp_path):
    with World(tmp_path) as world:
        serve(world, expired("never.vendor.test."))
        (finding,) = world.verify(expect(previous=previous()), clock=long_ago(), **PATIENT).findings
    assert (finding.rule, finding.severity) == ("dns.wrong-value", "error")
    assert "different answers from one question to the next" in finding.why


class Remembers(ValidatingResolver):
    """Remembers a failure for one form of the question, until its time is over by the test's clock."""

    failing, until, clock = dns.rcode.SERVFAIL, CHANGED, None

    def respond(self, query, name, record_type, *, tcp):
        remembers = name == CLICK and self.clock.now() < self.until
        self.rcode = self.failing if remembers else dns.rcode.NOERROR
        self.gives_with_cd = self.failing == dns.rcode.SERVFAIL
        if record_type == "NS":
            self.answers[name, "NS"] = ["a.root."]
        return super().respond(query, name, record_type, tcp=tcp)


@pytest.mark.parametrize("code", [dns.rcode.SERVFAIL, dns.rcode.REFUSED])
def test_a_failure_that_passes_within_seconds_is_asked_again_and_forgotten(tmp_path, code):
    clock, folder = FakeClock(), tmp_path / "evidence"
    with World(tmp_path) as world:
        serve(world, Remembers(), failing=code, clock=clock, until=CHANGED + timedelta(seconds=16))
        result = world.verify(clock=clock, save=folder)
    assert (result.verdict, result.findings) == ("proven", ())
    assert judge_again(folder).result.verdict == "proven"


@pytest.mark.parametrize("code", [dns.rcode.SERVFAIL, dns.rcode.REFUSED])
def test_a_failure_that_may_be_remembered_is_neither_bogus_nor_policy_and_is_waited_for(tmp_path, code):
    clock = FakeClock()
    with World(tmp_path) as world:
        serve(world, Remembers(), failing=code, clock=clock, until=CHANGED + timedelta(seconds=120))
        once = world.verify(clock=clock)
        waited = world.verify(clock=clock, wait_seconds=300)
    assert (once.verdict, once.findings) == ("not-proven", ())
    assert "--wait" in once.could_not_check[0].reason
    assert (waited.verdict, waited.findings) == ("proven", ())


@pytest.mark.parametrize(
    ("code", "rule"), [(dns.rcode.SERVFAIL, "dns.server-failure"), (dns.rcode.REFUSED, "dns.refused")]
)
def test_a_failure_that_outlasts_what_resolvers_remember_is_said(tmp_path, code, rule):
    clock = FakeClock()
    with World(tmp_path) as world:
        serve(world, Remembers(), failing=code, clock=clock, until=CHANGED + timedelta(days=1))
        result = world.verify(clock=clock, wait_seconds=200)
    assert (result.verdict, errors(result)) == ("differs", {rule})
    assert "s" in result.findings[0].why


def test_a_resolver_that_refuses_everything_is_policy_and_is_not_waited_for(tmp_path):
    clock = FakeClock()
    with World(tmp_path) as world:
        world.add_resolver().rcode = dns.rcode.REFUSED
        result = world.verify(clock=clock, wait_seconds=600)
    assert (result.verdict, result.could_not_check[0].reason) == ("not-proven", "this resolver refuses to serve us")
    assert sum(clock.slept) < 10


def test_a_denial_lives_as_long_as_the_greater_of_the_soas_ttl_and_minimum(tmp_path):
    """The table says 60 s for this DNS host, and the zone's servers say two days."""
    past = previous(values=[], absent=True, negative_ttl_seconds=60)
    with World(tmp_path) as world:
        world.add_resolver()
        for server in (world.first, world.second):
            server.zones["example.test."]["example.test.", "SOA"] = ["ns. host. 1 900 300 86400 172800"]
        late = world.verify(expect(previous=past), clock=FakeClock(CHANGED + timedelta(hours=40)))
        wrong = world.verify(expect(previous=past), clock=FakeClock(CHANGED + timedelta(seconds=60 + 172_801)))
        world.second.set(CLICK, "CNAME", None)
        unasked = world.verify(expect(previous=past), clock=FakeClock())
    end = CHANGED + timedelta(seconds=60 + 172_800)
    assert (late.verdict, [item.until for item in late.lagging]) == ("lagging", [end])
    assert errors(wrong) == {"dns.missing-name"}
    assert max(item.until for item in unasked.lagging) == end


def test_nobody_asks_for_addresses_of_a_name_that_has_none(tmp_path):
    with World(tmp_path) as world:
        resolver = serve(world, KeepsCopies())
        assert world.verify(expect(record(resolve="none"))).verdict == "proven"
        assert {record_type for _, record_type in resolver.asked} == {"CNAME"}
