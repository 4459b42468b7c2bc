"""A propagation or a cache ends between two questions of one run: what some answers show of before, and others of after, lags as a whole does."""

from __future__ import annotations

from datetime import timedelta

import dns.rcode
import pytest
from linkproof.verify.replay import judge_again

from tests.verify.servers import Honest, Resolver
from tests.verify.survey.test_rounds import CHANGED, OLD, FakeClock, previous
from tests.verify.world import CLICK, EDGE_ADDRESS, TARGET, World, errors, expect, record

# What the name shows, by what the record is.
SHOWN: dict[str, dict[str, list[str]]] = {
    "absent": {},
    "old": {"CNAME": [OLD]},
    "new": {"CNAME": [TARGET]},
    "proxied": {"A": [EDGE_ADDRESS]},
}
PAST = {
    "absent": previous(values=[], absent=True),
    "old": previous(),
    "proxied": previous(values=[TARGET], served="proxied"),
}
DECLARED = {"new": record(), "proxied": record(served="proxied")}
MOVES = [(before, after) for before in PAST for after in DECLARED if before != after]
TYPES = ("CNAME", "A", "AAAA", "HTTPS")
# By the number of the question from which the new state is shown, and by the types that still show the old one.
ENDS = [1, 2, 4, *({one} for one in TYPES), {"A", "AAAA", "HTTPS"}]


def set_state(server: Honest, state: str) -> None:
    for one in TYPES:
        server.set(CLICK, one, SHOWN[state].get(one))


class Ends(Honest):
    """Shows what was before, and from some question on, or for some types, what is now."""

    before = after = "new"
    ends: int | set[str] = 0
    questions = 0

    def respond(self, query, name, record_type, *, tcp):
        if name == CLICK and record_type in TYPES:
            self.questions += 1
            is_old = record_type in self.ends if isinstance(self.ends, set) else self.questions <= self.ends
            set_state(self, self.before if is_old else self.after)
        return super().respond(query, name, record_type, tcp=tcp)


class EndsInCache(Resolver):
    """The same of a cache, with the old copy's last second left in what it gives."""

    before = after = "new"
    ends: int | set[str] = 0
    questions = 0

    def respond(self, query, name, record_type, *, tcp):
        if name == CLICK and record_type in TYPES:
            self.questions += 1
            is_old = record_type in self.ends if isinstance(self.ends, set) else self.questions <= self.ends
            self.answers = {
                (CLICK, kind): values for kind, values in SHOWN[self.before if is_old else self.after].items()
            }
            exists = bool(self.answers)
            self.answers[TARGET, "A"] = self.answers[OLD, "A"] = [EDGE_ADDRESS]
            self.ttl = 1 if is_old else 300
            response = super().respond(query, name, record_type, tcp=tcp)
            response.set_rcode(dns.rcode.NOERROR if exists else dns.rcode.NXDOMAIN)
            return response
        return super().respond(query, name, record_type, tcp=tcp)


def world_of(folder, before, after, second=Honest) -> World:
    world = World(folder, second=second)
    for server in (world.first, world.second):
        set_state(server, after)
    return world


def give(server, before, after, ends) -> None:
    server.before, server.after, server.ends, server.questions = before, after, ends, 0


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_a_propagation_that_ends_between_two_questions_lags(tmp_path, before, after):
    wanted = expect(DECLARED[after], previous=PAST[before])
    found = {}
    with world_of(tmp_path, before, after, Ends) as world:
        for number, ends in enumerate(ENDS):
            give(world.second, before, after, ends)
            folder = tmp_path / f"e{number}"
            result = world.verify(wanted, clock=FakeClock(), save=folder)
            found[str(ends)] = (result.verdict, errors(result))
            if number < 2:
                assert judge_again(folder).result == result
            assert {item.until for item in result.lagging} <= {CHANGED + timedelta(seconds=60)}
    assert {verdict for verdict, _ in found.values()} <= {"lagging", "proven"}, found
    assert any(verdict == "lagging" for verdict, _ in found.values())


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_the_same_mix_after_its_time_is_wrong(tmp_path, before, after):
    wanted = expect(DECLARED[after], previous=PAST[before])
    with world_of(tmp_path, before, after, Ends) as world:
        for ends in (1, {"A"} if before != "absent" or after == "proxied" else 1):
            give(world.second, before, after, ends)
            result = world.verify(wanted, clock=FakeClock(CHANGED + timedelta(seconds=61)))
            assert result.verdict == "differs", (ends, result)


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_a_third_state_in_the_mix_is_wrong_within_that_time(tmp_path, before, after):
    """What the record never was is nobody's old answer, whatever lawfully old ones stand beside it."""

    class Third(Ends):
        def respond(self, query, name, record_type, *, tcp):
            response = super().respond(query, name, record_type, tcp=tcp)
            if name == CLICK and record_type == "A":
                response.answer = []
                self._add(response.answer, CLICK, "CNAME", ["stranger.vendor.test."])
            return response

    with world_of(tmp_path, before, after, Third) as world:
        give(world.second, before, after, {"CNAME"})
        result = world.verify(expect(DECLARED[after], previous=PAST[before]), clock=FakeClock())
    assert result.verdict == "differs"


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_a_copy_that_ends_between_two_questions_lags(tmp_path, before, after):
    wanted = expect(DECLARED[after], previous=PAST[before])
    found = {}
    with world_of(tmp_path, before, after) as world:
        resolver = EndsInCache()
        world.loop.serve_dns(resolver, "127.61.53.1", world.port)
        world.resolvers.append(resolver)
        for number, ends in enumerate(ENDS):
            give(resolver, before, after, ends)
            folder = tmp_path / f"e{number}"
            result = world.verify(wanted, clock=FakeClock(), save=folder)
            found[str(ends)] = (result.verdict, errors(result))
            if number < 2:
                assert judge_again(folder).result == result
    assert {verdict for verdict, _ in found.values()} <= {"lagging", "proven"}, found
    assert any(verdict == "lagging" for verdict, _ in found.values())


def test_an_old_answer_counts_by_the_moment_at_which_it_was_asked_for(tmp_path):
    """The others took long, and its time ran out before all was judged."""

    class Slow(FakeClock):
        def now(self):
            self.moment += timedelta(seconds=5)
            return self.moment

    folder = tmp_path / "evidence"
    with World(tmp_path) as world:
        world.second.set(CLICK, "CNAME", [OLD])
        result = world.verify(expect(previous=previous()), clock=Slow(CHANGED + timedelta(seconds=45)), save=folder)
        late = world.verify(expect(previous=previous()), clock=Slow(CHANGED + timedelta(seconds=60)))
    assert (result.verdict, result.findings) == ("lagging", ())
    assert judge_again(folder).result == result
    assert errors(late) == {"dns.wrong-value"}
