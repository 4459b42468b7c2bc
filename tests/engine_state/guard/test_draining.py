"""An edge that clicks have left stays for its grace, and goes earlier only when its own counter knows of nobody but ourselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from linkproof.contract.guard import Refusal
from linkproof.contract.requests import Counted
from linkproof.contract.state import State
from linkproof.declaration.drain import drain_seconds, span
from linkproof.engine.guard import judge as judge_plan
from linkproof.engine.guard.asking import Answer
from linkproof.engine.guard.draining import Draining, drains_by_host
from linkproof.engine.guard.listening import listener
from linkproof.engine.guard.quiet import Listen, Quiet, nobody_listens, strangers, window
from linkproof.engine.own_requests import Own
from linkproof.errors import LinkproofError
from linkproof.plan.build import build

from tests.engine_state.deployed import (
    COM,
    NET,
    ORG,
    at_aws,
    at_cf,
    away,
    declared,
    distribution,
    link,
    remembered,
    said,
    state,
)
from tests.managed import read

LEFT = datetime(2026, 11, 22, 10, 0, 4, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EDGES = "edges:\n  aws: {{provider: cloudfront{drain}}}\n  cf: {{provider: cloudflare{drain}}}\n"


def edges(drain: str = "") -> str:
    return EDGES.format(drain=f", drain: {drain}" if drain else "")


def left(host: str = NET, edge: str = "aws") -> State:
    """live, and back at ready since LEFT."""
    past = remembered(
        (declared(link("live", host, edge)), "2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z"),
        (declared(link("ready", host, edge)), "2026-11-22T10:00:01Z", "2026-11-22T10:00:04Z"),
    )
    found = at_aws("ready", modified="2026-11-22T10:00:03Z") if edge == "aws" else at_cf("ready", modified="2026-11-22T10:00:03Z")  # fmt: skip
    return state(*found, *past, links=said("ready", host, edge, "cloudfront" if edge == "aws" else "cloudflare"))


def refused(
    now: datetime, drain: str = "", listen: Listen = nobody_listens, host: str = NET, edge: str = "aws"
) -> list[Refusal]:
    wanted = declared(link("branded", host, edge), edges=edges(drain))
    return judge_plan(wanted, build(wanted), left(host, edge), now, away, listen)


# how long -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("drain", "until"), [("", LEFT + 7 * DAY), ("7d", LEFT + 7 * DAY), ("36h", LEFT + 36 * HOUR)])
@pytest.mark.parametrize(("host", "edge"), [(NET, "aws"), (COM, "cf")])
def test_an_edge_stays_for_its_grace_from_when_clicks_left_it(
    host: str, edge: str, drain: str, until: datetime
) -> None:
    (found,) = refused(LEFT + HOUR, drain, host=host, edge=edge)
    assert (found.rule, found.until) == ("phase.edge-draining", until)
    assert f"clicks left at {LEFT.isoformat()}" in found.message
    assert f"until {until.isoformat()}" in found.message
    assert refused(until, drain, host=host, edge=edge) == []


def test_no_grace_leaves_the_answers_alone_to_die() -> None:
    assert [one.rule for one in refused(LEFT + timedelta(minutes=1), "0s")] == ["phase.edge-still-in-use"]
    assert refused(LEFT + timedelta(minutes=7), "0s") == []


def test_while_answers_live_both_moments_are_said_and_no_counter_is_asked() -> None:
    """`guard --wait` then does not wait for the first of them in vain."""

    def never(draining: Draining) -> Quiet:
        raise AssertionError("the counter is asked while answers still lead there")

    found = refused(LEFT + timedelta(minutes=1), listen=never)
    assert [one.rule for one in found] == ["phase.edge-still-in-use", "phase.edge-draining"]


def test_an_edge_that_clicks_never_came_to_goes_at_once() -> None:
    wanted = declared(link("branded"), edges=edges())
    deployed = state(*at_aws("ready"), links=said("ready"))
    assert judge_plan(wanted, build(wanted), deployed, LEFT, away) == []


def test_in_a_manual_zone_it_counts_from_when_dns_was_first_seen_away() -> None:
    wanted = declared(link("branded", ORG), edges=edges())
    deployed = state(distribution(ORG), links=said("ready", ORG))
    (found,) = judge_plan(wanted, build(wanted), deployed, LEFT + DAY, lambda _: {ORG: Answer("away", away_since=LEFT)})
    assert (found.rule, found.until) == ("phase.edge-draining", LEFT + 7 * DAY)


def test_of_two_entries_the_one_that_the_link_names_counts_and_without_any_the_default() -> None:
    two = "edges:\n  aws: {provider: cloudfront, drain: 1d}\n  cdn: {provider: cloudfront, account: cdn, drain: 30d}\n"
    wanted = declared(link("branded"), edges=two)
    (found,) = judge_plan(wanted, build(wanted), left(), LEFT + HOUR, away)
    assert found.until == LEFT + DAY
    gone = declared(link("branded", edge=None), edges="edges:\n  cf: {provider: cloudflare, drain: 0s}\n")
    (found,) = judge_plan(gone, build(gone), left(), LEFT + HOUR, away)
    assert found.until == LEFT + 7 * DAY


def test_in_the_lab_nothing_stays_unless_it_is_said() -> None:
    lab = read("version: 1\nlab: true\n" + edges())
    assert drain_seconds(lab, lab.edges["aws"]) == 0
    assert drain_seconds(read("version: 1\nlab: true\n" + edges("2h")), read("version: 1\n" + edges("2h")).edges["aws"]) == 7200  # fmt: skip
    assert [span(seconds) for seconds in (0, 90, 7200, 604800)] == ["0s", "90s", "2h", "7d"]


# what is shown ------------------------------------------------------------------------------------
def test_what_drains_is_known_from_the_state_alone() -> None:
    wanted = declared(link("ready"), edges=edges())
    found = drains_by_host(wanted, left(), LEFT + HOUR)
    assert {host: (one.edges, one.until) for host, one in found.items()} == {NET: (frozenset({"cloudfront"}), LEFT + 7 * DAY)}  # fmt: skip
    assert drains_by_host(wanted, left(), LEFT + 7 * DAY) == {}
    live = state(*at_aws("live"), links=said("live"))
    assert drains_by_host(declared(link("live"), edges=edges()), live, LEFT) == {}


# who came -----------------------------------------------------------------------------------------
def part(begins: datetime, requests: int) -> Counted:
    return Counted(begins, 300, requests)


NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("counted", "own", "wanted"), [
    ([], [], 0),
    ([part(NOON, 2)], [NOON, NOON + timedelta(seconds=299)], 0),
    ([part(NOON, 3)], [NOON, NOON], 1),
    ([part(NOON, 1)], [NOON + timedelta(seconds=300)], 1),
    ([part(NOON, 1), part(NOON + HOUR, 1)], [NOON, NOON, NOON], 1),  # more of ours at noon do not hide the later one
    ([part(NOON, 1), part(NOON, 1)], [NOON, NOON], 0),  # two distributions of one host
])  # fmt: skip
def test_who_is_not_us_is_counted_by_parts(counted: list[Counted], own: list[datetime], wanted: int) -> None:
    assert strangers(counted, own) == wanted


def test_a_whole_day_must_have_passed_and_been_counted_to_its_end() -> None:
    assert window(NOON, 900, NOON + DAY) is None
    until = NOON + DAY + timedelta(seconds=900)
    assert window(NOON, 900, until) == (NOON, NOON + DAY)


class CloudWatch:
    """CloudWatch of an account whose metric has these values; the real one is asked in tests/edges and tests/engine."""

    def __init__(self, *points: tuple[datetime, float], fails: bool = False) -> None:
        self.points, self.fails, self.asked = points, fails, list[dict[str, Any]]()

    def service(self, name: str, region: str) -> CloudWatch:
        assert (name, region) == ("cloudwatch", "us-east-1")
        return self

    def get_metric_statistics(self, **asked: Any) -> dict[str, Any]:
        if self.fails:
            raise LinkproofError("CloudWatch cannot be asked", "check the credentials")
        self.asked.append(asked)
        between = [(at, n) for at, n in self.points if asked["StartTime"] <= at < asked["EndTime"]]
        return {"Datapoints": [{"Timestamp": at, "Sum": n} for at, n in between]}


def listening(cloudwatch: CloudWatch, own: Sequence[Own] = (), now: datetime = LEFT + 3 * DAY) -> Listen:
    return listener(left(), lambda vendor, account: cloudwatch, own, now)


CLICK = (LEFT - HOUR, 40.0)


def test_nobody_for_a_day_lets_it_go_early() -> None:
    cloudwatch = CloudWatch(CLICK, (LEFT + HOUR, 3.0))
    assert refused(LEFT + 3 * DAY, listen=listening(cloudwatch)) == []
    (before, day) = cloudwatch.asked
    assert before["Dimensions"] == [{"Name": "DistributionId", "Value": f"id-of-{NET}"}, {"Name": "Region", "Value": "Global"}]  # fmt: skip
    assert (before["EndTime"], day["EndTime"] - day["StartTime"]) == (LEFT, DAY)


def test_somebody_keeps_it_and_is_counted() -> None:
    late = LEFT + 2 * DAY + HOUR
    (found,) = refused(LEFT + 3 * DAY, listen=listening(CloudWatch(CLICK, (late, 2.0))))
    assert "2 requests that we did not send came within a day, by CloudWatch's `Requests`" in found.message
    assert found.until == LEFT + 7 * DAY
    own = [Own(late + timedelta(seconds=n), NET, "cloudfront") for n in (1, 2)]
    assert refused(LEFT + 3 * DAY, listen=listening(CloudWatch(CLICK, (late, 2.0)), own)) == []
    elsewhere = [Own(late, NET, "cloudflare"), Own(late, COM, "cloudfront")]
    assert len(refused(LEFT + 3 * DAY, listen=listening(CloudWatch(CLICK, (late, 2.0)), elsewhere))) == 1


@pytest.mark.parametrize(("cloudwatch", "now", "said_why"), [
    (CloudWatch(CLICK), LEFT + DAY, "has not seen a whole day since then"),
    (CloudWatch(), LEFT + 3 * DAY, "has nothing of the day before clicks left either, and so proves nothing"),
    (CloudWatch(fails=True), LEFT + 3 * DAY, "CloudWatch cannot be asked (check the credentials)"),
])  # fmt: skip
def test_a_counter_that_proves_nothing_lets_nothing_go(cloudwatch: CloudWatch, now: datetime, said_why: str) -> None:
    (found,) = refused(now, listen=listening(cloudwatch, now=now))
    assert (found.rule, said_why in found.message) == ("phase.edge-draining", True), found.message


class Sampled:
    """Cloudflare's analytics of a zone that is so busy that they are a sample."""

    def graphql(self, query: str, variables: dict[str, Any]) -> Any:
        row = {"count": 10, "avg": {"sampleInterval": 10}, "dimensions": {"datetimeHour": "2026-11-22T10:00:00Z"}}
        return {"viewer": {"zones": [{"httpRequestsAdaptiveGroups": [row]}]}}


def test_the_silence_of_a_sample_lets_nothing_go() -> None:
    now = LEFT + 3 * DAY
    (found,) = refused(now, listen=listener(left(COM, "cf"), lambda *_: Sampled(), (), now), host=COM, edge="cf")
    assert "are a sample (one in 10), whose silence proves nothing" in found.message


def test_where_nobody_counts_the_time_decides() -> None:
    draining = Draining(COM, frozenset({"nginx"}), LEFT, LEFT + 7 * DAY, 7 * 86_400)
    quiet = listener(left(COM, "cf"), lambda *_: None, (), LEFT + 3 * DAY)(draining)
    assert quiet == Quiet(False, "nginx has no counter that can be asked here, so that the time decides")
