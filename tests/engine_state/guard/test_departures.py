"""Edges that a deployment would let go: DNS is asked first, whoever writes the zone, and time counts from what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.served import HostServed, ServedAt
from linkproof.engine.guard import steps
from linkproof.engine.guard.asking import Answer, Ask, Question, answer_of
from linkproof.engine.guard.sightings import Sightings

from tests.engine_state.deployed import (
    COM,
    NET,
    NOW,
    ORG,
    at_aws,
    at_cf,
    at_edge,
    away,
    cloudflare,
    declared,
    distribution,
    link,
    route53,
    said,
    state,
)
from tests.engine_state.deployed import judge_asking as judge

EDGE = f"{at_edge(NET)}."
SENDER = ServedAt("ns1", ("sendgrid.net.",), ("192.0.2.9",), 300)


def answers(**of_host: Answer) -> Ask:
    return lambda questions: {q.host: of_host.get(q.host.replace(".", "_"), Answer("away")) for q in questions}


class Asked:
    """Keeps the questions, and answers that DNS is away."""

    def __init__(self) -> None:
        self.questions: list[Question] = []

    def __call__(self, questions: Sequence[Question]) -> Mapping[str, Answer]:
        self.questions += questions
        return away(questions)


def questions(declaration: Any, deployed: Any) -> list[Question]:
    asked = Asked()
    judge(declaration, deployed, NOW, asked)
    return asked.questions


# who is asked about -------------------------------------------------------------------------------
@pytest.mark.parametrize(("before", "after"), [("branded", "ready"), ("ready", "ready"), ("ready", "live"), ("live", "ready"), ("live", "secured")])  # fmt: skip
def test_nobody_is_asked_while_the_edge_stays(before: str, after: str) -> None:
    assert questions(declared(link(after)), state(*at_aws(before), links=said(before))) == []
    deployed = state(*at_cf(before), links=said(before, COM, "cf", "cloudflare"))
    assert questions(declared(link(after, COM, "cf")), deployed) == []


def test_every_kind_of_zone_is_asked_before_an_edge_goes() -> None:
    (found,) = questions(declared(link("branded")), state(*at_aws("ready"), links=said("ready")))
    assert found == Question(NET, "cloudfront", frozenset({EDGE}))
    (found,) = questions(declared(link("branded", ORG)), state(distribution(ORG), links=said("ready", ORG)))
    assert found == Question(ORG, "cloudfront", frozenset({f"{at_edge(ORG)}."}), is_undated=True)
    deployed = state(*at_cf("ready"), links=said("ready", COM, "cf", "cloudflare"))
    (found,) = questions(declared(link("branded", COM, "cf")), deployed)
    assert found == Question(COM, "cloudflare", is_proxied=True)


def test_an_edge_that_is_changed_in_ready_goes() -> None:
    deployed = state(cloudflare(COM), distribution(COM), links=said("ready", COM))
    (found,) = questions(declared(link("ready", COM, "cf")), deployed)
    assert found.names == {f"{at_edge(COM)}."}


def test_an_edge_of_a_link_that_leaves_goes() -> None:
    """Its first `up` failed before the record: nobody dates it, and nobody can have been led to it by us."""
    (found,) = questions(declared(), state(distribution(NET), links=None))
    assert not found.is_undated
    (found,) = questions(declared(), state(distribution("url1.elsewhere.test"), links=None))
    assert found.is_undated, "in no declared zone: a person may have published it"


def test_an_edge_that_the_engine_still_has_to_delete_goes() -> None:
    old = distribution(NET) | {"delete": True, "outputs": {"domainName": "d9old.cloudfront.net"}}
    (found,) = questions(declared(link("live")), state(*at_aws("live"), old, links=said("live")))
    assert found.names == {"d9old.cloudfront.net."}


def test_a_record_that_waits_to_be_made_again_is_gone_and_dates_nothing() -> None:
    gone = route53(NET) | {"pendingReplacement": True}
    (found,) = questions(declared(link("branded")), state(gone, distribution(NET), links=said("ready")))
    assert found.is_undated


def test_nobody_is_asked_about_a_link_that_is_refused_anyway() -> None:
    assert questions(declared(), state(*at_aws("live"), links=said("live"))) == []


# what the answers mean ----------------------------------------------------------------------------
def test_a_name_that_is_still_at_its_edge_keeps_it() -> None:
    """live was interrupted after the DNS host took it, then taken back: the state says sendgrid.net on both sides."""
    deployed = state(*at_aws("ready"), links=said("ready"))
    ask = answers(url1_example_net=Answer("at-edge", f"ns1 gives {EDGE}"))
    (found,) = judge(declared(link("branded")), deployed, NOW, ask)
    assert found.rule == "phase.edge-still-served"
    assert f"ns1 gives {EDGE}" in found.message
    assert "`pulumi up --refresh -s test`" in found.fix
    assert found.until is None
    assert judge(declared(link("branded")), deployed, NOW, away) == []


def test_in_a_manual_zone_the_person_is_told_to_move_the_record() -> None:
    ask = answers(url1_example_org=Answer("at-edge", "ns1 gives it"))
    (found,) = judge(declared(link("branded", ORG)), state(distribution(ORG), links=said("ready", ORG)), NOW, ask)
    assert (found.rule, "at the zone's DNS host" in found.fix) == ("phase.edge-still-served", True)


def test_silence_is_no_leave() -> None:
    deployed = state(*at_aws("ready"), links=said("ready"))
    ask = answers(url1_example_net=Answer("unknown", "ns2 (192.0.2.2): no answer (timeout)"))
    (found,) = judge(declared(link("branded")), deployed, NOW, ask)
    assert found.rule == "phase.edge-not-asked"
    assert "ns2 (192.0.2.2): no answer (timeout)" in found.message
    (found,) = judge(declared(link("branded")), deployed, NOW, lambda _: {})
    assert found.rule == "phase.edge-not-asked"


def test_time_counts_from_when_a_record_was_first_seen_away() -> None:
    since = NOW - timedelta(seconds=500)
    deployed = state(distribution(ORG), links=said("ready", ORG))
    ask = answers(url1_example_org=Answer("away", away_since=since, ttl_seconds=60))
    (found,) = judge(declared(link("branded", ORG)), deployed, NOW, ask)
    assert found.rule == "phase.edge-still-in-use"
    assert found.until == since + timedelta(seconds=300 + 300), "declared TTL and propagation of a manual zone"
    assert judge(declared(link("branded", ORG)), deployed, found.until, ask) == []


@pytest.mark.parametrize(("served", "declared_now", "declared_then", "wanted"), [
    (86_400, 300, 300, 86_400), (60, 600, 300, 600), (60, 60, 3600, 3600), (None, 300, 300, 300),
])  # fmt: skip
def test_the_longest_ttl_counts(served: int | None, declared_now: int, declared_then: int, wanted: int) -> None:
    records = [{"id": "one/click", "name": f"{ORG}.", "ttl_seconds": declared_then}]
    deployed = state(distribution(ORG), links=said("ready", ORG), expectations={"records": records})
    one = link("branded", ORG).replace("phase:", f"ttl_seconds: {declared_now}, phase:")
    (found,) = judge(declared(one), deployed, NOW, answers(url1_example_org=Answer("away", away_since=NOW, ttl_seconds=served)))  # fmt: skip
    assert found.until == NOW + timedelta(seconds=wanted + 300)


# what is served -----------------------------------------------------------------------------------
CLOUDFRONT = Question(NET, "cloudfront", frozenset({EDGE}))
PROXIED = Question(COM, "cloudflare", is_proxied=True)
ADDRESSES = frozenset({"203.0.113.1"})


@pytest.mark.parametrize(("question", "served", "wanted"), [
    (CLOUDFRONT, ServedAt("ns2", (EDGE,), ("203.0.113.1",), 300), "at-edge"),
    (CLOUDFRONT, ServedAt("ns2", ("cdn.example.net.", EDGE), ("203.0.113.1",), 300), "at-edge"),  # by way of another name
    (CLOUDFRONT, ServedAt("ns2", (), ("203.0.113.1",), 300), "at-edge"),  # flattened by its DNS host
    (CLOUDFRONT, ServedAt("ns2", ("d9other.cloudfront.net.",), ("203.0.113.7",), 300), "away"),  # somebody else's
    (CLOUDFRONT, ServedAt("ns2"), "away"),  # no such name: nobody is led anywhere
    (CLOUDFRONT, SENDER, "away"),
    (CLOUDFRONT, ServedAt("ns2", problem="no answer (timeout)"), "unknown"),
    (Question(NET, "cloudfront"), ServedAt("ns2", ("d9any.cloudfront.net.",)), "at-edge"),  # the state lost its name
    (PROXIED, ServedAt("ns2", (), ("104.16.0.1",), 300), "at-edge"),
    (PROXIED, SENDER, "away"),
    (PROXIED, ServedAt("ns2"), "away"),
])  # fmt: skip
def test_one_server_of_two_decides(question: Question, served: ServedAt, wanted: str) -> None:
    for servers in ((SENDER, served), (served, SENDER)):
        assert answer_of(question, HostServed(servers), ADDRESSES).whereabouts == wanted


def test_a_server_at_the_edge_is_named_before_one_that_is_silent() -> None:
    servers = (ServedAt("ns1", problem="no answer (timeout)"), ServedAt("ns2 (192.0.2.2)", (EDGE,), (), 60))
    found = answer_of(CLOUDFRONT, HostServed(servers), frozenset())
    assert (found.whereabouts, found.detail, found.ttl_seconds) == ("at-edge", f"ns2 (192.0.2.2) gives {EDGE}", 60)


def test_servers_that_could_not_be_found_leave_it_open() -> None:
    assert answer_of(CLOUDFRONT, HostServed((SENDER,), "the addresses of ns2 could not be found"), frozenset()).whereabouts == "unknown"  # fmt: skip
    assert answer_of(CLOUDFRONT, HostServed(), frozenset()).whereabouts == "unknown"


# what is remembered -------------------------------------------------------------------------------
MANUAL = Question(ORG, "cloudfront", frozenset({EDGE}), is_undated=True)
DEPLOYMENT = "2026-11-22T09:00:00Z"


def look(
    file: Path, answer: Answer, now: datetime = NOW, question: Question = MANUAL, deployment: str = DEPLOYMENT
) -> Answer:
    return Sightings(file, deployment).remember([question], lambda qs: {q.host: answer for q in qs}, now)[question.host]


def test_the_first_sight_is_kept_across_runs(tmp_path: Path) -> None:
    file = tmp_path / "dev" / "sightings.json"
    assert look(file, Answer("away")).away_since == NOW
    later = NOW + timedelta(minutes=5)
    assert look(file, Answer("away"), later).away_since == NOW
    assert look(file, Answer("unknown"), later).away_since is None
    assert look(file, Answer("away"), later).away_since == NOW, "a server that was silent once had not gone back"


def test_a_record_that_went_back_starts_anew_and_keeps_the_ttl_that_it_had_there(tmp_path: Path) -> None:
    file, later = tmp_path / "sightings.json", NOW + timedelta(minutes=5)
    look(file, Answer("away", ttl_seconds=60))
    look(file, Answer("at-edge", ttl_seconds=3600), later)
    found = look(file, Answer("away", ttl_seconds=60), later)
    assert (found.away_since, found.ttl_seconds) == (later, 3600)


def test_what_was_seen_before_a_deployment_is_forgotten(tmp_path: Path) -> None:
    """Another machine may have gone to live and back since."""
    file, later = tmp_path / "sightings.json", NOW + timedelta(days=30)
    look(file, Answer("away"))
    assert look(file, Answer("away"), later, deployment="2026-12-01T09:00:00Z").away_since == later


def test_a_dated_record_is_timed_by_the_state_until_it_is_caught_at_the_edge(tmp_path: Path) -> None:
    file, dated = tmp_path / "sightings.json", Question(ORG, "cloudfront", frozenset({EDGE}))
    assert look(file, Answer("away"), question=dated).away_since is None
    look(file, Answer("at-edge", ttl_seconds=300), question=dated)
    assert look(file, Answer("away"), question=dated).away_since == NOW


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', '{"version": 9, "deployment": "D", "hosts": {}}',
    f'{{"version": 1, "deployment": "{DEPLOYMENT}", "hosts": {{"{ORG}": {{"away_since": "yesterday"}}}}}}',
    f'{{"version": 1, "deployment": "{DEPLOYMENT}", "hosts": {{"{ORG}": {{"away_since": "2026-01-01T00:00:00"}}}}}}',
    f'{{"version": 1, "deployment": "{DEPLOYMENT}", "hosts": {{"{ORG}": 7}}}}',
])  # fmt: skip
def test_a_memory_that_cannot_be_read_is_no_memory(tmp_path: Path, text: str) -> None:
    file = tmp_path / "sightings.json"
    file.write_text(text)
    assert look(file, Answer("away")).away_since == NOW


# what is allowed ----------------------------------------------------------------------------------
def test_each_link_that_steps_is_said_and_no_other() -> None:
    new, stays, gone = "url2.example.net", "url3.example.net", "url4.example.net"
    deployed = state(
        *at_aws("ready"), *at_aws("live", stays), *at_aws("branded", gone),
        links=said("ready") | said("live", stays, key="three") | said("branded", gone, key="four"),
    )  # fmt: skip
    declaration = declared(link("live"), link("branded", new, key="two"), link("live", stays, key="three"))
    assert [str(step) for step in steps(declaration, deployed)] == [
        f"one ({NET}): ready → live",
        f"two ({new}): new → branded",
        f"{gone}: branded → leaves the declaration",
    ]


def test_a_step_that_was_interrupted_is_said_as_both() -> None:
    (step,) = steps(declared(link("live")), state(*at_aws("live"), links=said("ready")))
    assert step.to_json() == {"link": "one", "host": NET, "before": "live or ready", "after": "live"}
