"""A server that says one thing now and another thing then: found whatever comes first, and said where it was not looked for."""

from __future__ import annotations

from datetime import timedelta

import dns.rcode
import pytest
from linkproof.verify.observe.dns import records as dns_records
from linkproof.verify.survey import names as survey_names

from tests.verify.servers import Honest
from tests.verify.survey.test_rounds import CHANGED, OLD, FakeClock, previous
from tests.verify.world import CLICK, TARGET, World, errors, expect, record


class Alternates(Honest):
    """Two copies of the zone behind one address, which answer in turn or by the type of the question."""

    turn, others, value = 0, frozenset(), "other.vendor.test."
    missing = False

    def respond(self, query, name, record_type, *, tcp):
        if name != CLICK:
            return super().respond(query, name, record_type, tcp=tcp)
        self.turn += 1
        is_other = record_type in self.others if self.others else self.turn % 2 == self.first
        self.set(CLICK, "CNAME", None if is_other and self.missing else [self.value if is_other else TARGET])
        return super().respond(query, name, record_type, tcp=tcp)

    first = 0


def world_of(tmp_path, **state) -> World:
    world = World(tmp_path, second=Alternates)
    for name, value in state.items():
        setattr(world.second, name, value)
    return world


@pytest.mark.parametrize(
    "state",
    [
        {"first": 0},
        {"first": 1},
        {"others": {"A"}},
        {"others": {"AAAA"}},
        {"others": {"HTTPS"}},
        {"others": {"CNAME"}},
        {"missing": True},
    ],
    ids=str,
)
def test_a_server_whose_answers_differ_is_found_whichever_comes_first(tmp_path, state):
    with world_of(tmp_path, **state) as world:
        resolver = world.add_resolver()
        result = world.verify()
    (finding,) = result.findings
    assert (finding.rule, finding.severity, finding.vantage.address) == ("dns.alternating", "error", "127.61.3.2")
    assert TARGET in finding.observed
    assert " of " in finding.observed
    assert not resolver.asked, "what it would keep is chance"


def test_nodes_of_one_server_that_follow_a_change_at_different_times_lag(tmp_path):
    with world_of(tmp_path, value=OLD) as world:
        late = world.verify(expect(previous=previous()), clock=FakeClock())
        wrong = world.verify(expect(previous=previous()), clock=FakeClock(CHANGED + timedelta(seconds=61)))
    assert (late.verdict, [item.until for item in late.lagging]) == ("lagging", [CHANGED + timedelta(seconds=60)])
    assert errors(wrong) == {"dns.alternating"}


def test_any_of_several_values_may_come_in_turn(tmp_path):
    with world_of(tmp_path) as world:
        result = world.verify(expect(record(match="any_of", values=[TARGET, "other.vendor.test."], resolve="none")))
    assert (result.verdict, result.findings) == ("proven", ())


def test_a_text_that_comes_and_goes_is_found_as_well(tmp_path):
    class Forgets(Honest):
        count = 0

        def respond(self, query, name, record_type, *, tcp):
            self.count += record_type == "TXT" and name == CLICK
            self.set(CLICK, "TXT", ['"right"'] if self.count % 2 else ['"other"'])
            return super().respond(query, name, record_type, tcp=tcp)

    with World(tmp_path, second=Forgets) as world:
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", None)
        world.first.set(CLICK, "TXT", ['"right"'])
        result = world.verify(expect(record(type="TXT", values=['"right"'], resolve="none")))
    assert errors(result) == {"dns.alternating"}


def test_a_server_that_knows_no_other_types_is_healthy(tmp_path):
    class KnowsFewTypes(Honest):
        def respond(self, query, name, record_type, *, tcp):
            response = super().respond(query, name, record_type, tcp=tcp)
            if record_type in {"AAAA", "HTTPS"} and name == CLICK:
                response.answer = []
                response.set_rcode(dns.rcode.NOTIMP)
            return response

    with World(tmp_path, second=KnowsFewTypes) as world:
        assert world.verify().findings == ()


def test_with_too_many_records_to_ask_again_that_is_said(tmp_path, monkeypatch):
    with world_of(tmp_path, others={"HTTPS"}) as world:
        monkeypatch.setattr(dns_records, "MOST_REPEATED_QUESTIONS", 3)
        result = world.verify()
    assert result.verdict == "proven"
    assert [item.id for item in result.optional if item.id == survey_names.REPEATS_ID] == ["answers"]
    assert "1 times more in the place of 3" in next(item.reason for item in result.optional if item.id == "answers")
