"""Until when an answer may lead to an edge that was left: every value and TTL that was ever served counts, and so does what nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from linkproof.contract.state import State
from linkproof.declaration.model import Declaration
from linkproof.engine.lifetime import AnswerLifetime, answers_live_until
from linkproof.history.read import UNKNOWN_TTL_SECONDS, read_history

from tests.engine_state.deployed import (
    COM,
    NET,
    at_aws,
    at_cf,
    cloudflare,
    declared,
    distribution,
    judge,
    link,
    remembered,
    resource,
    route53,
    said,
    state,
)

T0 = "2026-11-01T10:00:00Z"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-22T{text}+00:00")


def with_ttl(phase: str, ttl: int, host: str = NET, edge: str = "aws") -> Declaration:
    zone = ".".join(host.split(".")[-2:])
    return declared(
        f"one: {{sender: sendgrid, click_host: {host}, owner_host: 1234567.{zone}, phase: {phase}, ttl_seconds: {ttl}, edge: {edge}}}"
    )


def held(deployed: State, now: datetime, host: str = NET, propagation_seconds: int = 60) -> AnswerLifetime | None:
    return answers_live_until(host, propagation_seconds, deployed, read_history(deployed), now)


def step(ttl: int, phase: str, begun: str, settled: str | None = None) -> tuple[Declaration, str, str | None]:
    return with_ttl(phase, ttl), f"2026-11-{begun}Z", f"2026-11-{settled or begun}Z"


# what was served ----------------------------------------------------------------------------------
@pytest.mark.parametrize(("host", "edge", "resources", "until"), [
    (NET, "aws", at_aws("ready", modified="2026-11-22T10:00:03Z"), "10:06:04"),  # TTL 300, propagation 60
    (COM, "cf", at_cf("ready", modified="2026-11-22T10:00:03Z"), "10:05:34"),  # TTL 300, propagation 30
])  # fmt: skip
def test_an_edge_is_torn_down_only_after_its_address_is_forgotten(
    host: str, edge: str, resources: list[Any], until: str
) -> None:
    past = remembered(
        (declared(link("live", host, edge)), T0, T0),
        (declared(link("ready", host, edge)), "2026-11-22T10:00:01Z", "2026-11-22T10:00:04Z"),
    )
    deployed = state(
        *resources, *past, links=said("ready", host, edge, "cloudfront" if edge == "aws" else "cloudflare")
    )
    branded = declared(link("branded", host, edge))
    (found,) = judge(branded, deployed, at("10:01:00"))
    assert found.rule == "phase.edge-still-in-use"
    assert f"until 2026-11-22T{until}+00:00" in found.message
    assert judge(branded, deployed, at("10:06:05")) == []


def test_a_ttl_that_was_lowered_before_the_move_still_holds_for_as_long_as_it_was() -> None:
    """86400 → 60 in one deployment, live → ready in the next: resolvers asked before the first keep the edge for a day."""
    past = remembered(
        step(86_400, "live", "01T10:00:00"), step(60, "live", "22T10:00:00"), step(60, "ready", "22T10:10:00")
    )
    deployed = state(*at_aws("ready", ttl=60, modified="2026-11-22T10:10:00Z"), *past, links=said("ready"))
    found = held(deployed, at("10:13:00"))
    assert found is not None
    assert found.until == datetime(2026, 11, 23, 10, 1, tzinfo=UTC), "from the change of the TTL on, not of the value"
    (refusal,) = judge(with_ttl("branded", 60), deployed, at("10:13:00"))
    assert "until 2026-11-23T10:01:00+00:00" in refusal.message
    assert "TTL of 86400 s" in refusal.message


def test_a_ttl_that_is_raised_after_the_move_holds_nobody() -> None:
    past = remembered(step(300, "live", "01T10:00:00"), step(86_400, "ready", "22T10:00:00"))
    deployed = state(*at_aws("ready", ttl=86_400, modified="2026-11-22T10:00:00Z"), *past)
    assert held(deployed, at("10:01:00")) is not None
    assert held(deployed, at("10:01:00")).until == at("10:06:00")  # type: ignore[union-attr]


def test_of_several_visits_the_one_that_ends_last_counts() -> None:
    past = remembered(
        step(86_400, "live", "01T10:00:00"), step(60, "ready", "21T12:00:00"),
        step(60, "live", "22T09:00:00"), step(60, "ready", "22T10:00:00"),
    )  # fmt: skip
    found = held(state(*at_aws("ready", ttl=60, modified="2026-11-22T10:00:00Z"), *past), at("10:01:00"))
    assert found is not None
    assert found.until == at("12:01:00"), "a day after the first visit's end, later than the second's minute"


def test_what_was_proxied_was_served_with_its_providers_ttl() -> None:
    """Declared with 60 seconds, served with 300 while it was proxied."""
    past = remembered(
        (with_ttl("live", 60, COM, "cf"), T0, T0),
        (with_ttl("ready", 60, COM, "cf"), "2026-11-22T10:10:00Z", "2026-11-22T10:10:00Z"),
    )
    record = cloudflare(COM, modified="2026-11-22T10:10:00Z")
    found = held(state(record, *past), at("10:11:00"), COM, 30)
    assert found is not None
    assert found.until == at("10:15:30")


def test_a_link_that_never_left_the_sender_holds_nobody() -> None:
    past = remembered(step(300, "branded", "22T09:59:00"), step(300, "ready", "22T10:00:00"))
    made = "2026-11-22T09:59:01Z"
    assert held(state(*at_aws("ready", created=made, modified=made), *past), at("10:01:00")) is None


# deployments that did not finish --------------------------------------------------------------------
def test_killed_between_the_history_and_the_record_the_edge_counts_as_in_use_until_it_is_known_to_be_left() -> None:
    """The history says that the edge is left; the record never was changed, and is changed half an hour later."""
    killed = remembered(step(300, "live", "01T10:00:00"), (with_ttl("ready", 300), "2026-11-22T10:00:00Z", None))
    found = held(state(*at_aws("live"), *killed), at("10:20:00"))
    assert found is not None
    assert found.until == at("10:26:00"), "it is served now"
    again = remembered(
        step(300, "live", "01T10:00:00"), (with_ttl("ready", 300), "2026-11-22T10:00:00Z", "2026-11-22T10:30:02Z")
    )
    later = held(state(*at_aws("ready", modified="2026-11-22T10:30:00Z"), *again), at("10:31:00"))
    assert later is not None
    assert later.until == at("10:36:02"), "from when it was seen to stand, not from when it was begun"


def test_killed_while_it_moves_to_the_edge_the_edge_may_be_in_use() -> None:
    """ready → live, the vendor took it and the state did not learn of it: the record in the state is the sender's still."""
    killed = remembered(step(300, "ready", "01T10:00:00"), (with_ttl("live", 300), "2026-11-22T10:00:00Z", None))
    deployed = state(*at_aws("ready"), *killed, links=said("ready"))
    found = held(deployed, at("10:20:00"))
    assert found is not None
    assert found.until == at("10:26:00")
    assert "did not finish" in found.why


def test_reverted_after_a_kill_what_may_have_been_served_meanwhile_counts() -> None:
    """ready → live killed, back to ready: `up` says that the record is unchanged, and settles on what it believes."""
    past = remembered(
        step(300, "ready", "01T10:00:00"), (with_ttl("live", 300), "2026-11-22T10:00:00Z", None),
        step(300, "ready", "22T10:05:00"),
    )  # fmt: skip
    found = held(state(*at_aws("ready"), *past), at("10:06:00"))
    assert found is not None
    assert found.until == at("10:11:00")


def test_while_another_record_of_the_stack_keeps_failing_nothing_is_known_to_be_left() -> None:
    past = remembered(step(300, "live", "01T10:00:00"), (with_ttl("ready", 300), "2026-11-22T10:00:00Z", None))
    found = held(state(*at_aws("ready", modified="2026-11-22T10:00:09Z"), *past), at("11:00:00"))
    assert found is not None
    assert found.until == at("11:06:00")


# what nobody knows -----------------------------------------------------------------------------------
def bare(*resources: dict[str, Any]) -> State:
    """A state without any history."""
    from linkproof.engine.state import read_state

    stack = resource("pulumi:pulumi:Stack", "linkproof-test", outputs={"links": said("ready")})
    return read_state({"deployment": {"resources": [stack, *resources]}})


def test_without_a_history_the_record_may_have_moved_at_any_time_up_to_now() -> None:
    deployed = bare(*at_aws("ready"))
    (refusal,) = judge(declared(link("branded")), deployed, at("10:13:00"))
    assert refusal.rule == "phase.edge-still-in-use"
    assert "may have moved at any time up to now" in refusal.message
    assert "until 2026-11-23T10:14:00" in refusal.message


def torn(change: Any) -> list[dict[str, Any]]:
    history, stood = remembered(step(300, "live", "01T10:00:00"), step(300, "ready", "20T10:00:00"))
    change(history["outputs"], stood["outputs"])
    return [history, stood]


@pytest.mark.parametrize("change", [
    lambda history, stood: history.pop("past"),
    lambda history, stood: history.update(past={f"{NET}/CNAME": [{"served": "{", "until": T0}]}),
    lambda history, stood: history.update(past={f"{NET}/CNAME": [{"served": history["records"][f"{NET}/CNAME"]}]}),
    lambda history, stood: history.update(since={f"{NET}/CNAME": "yesterday"}),
    lambda history, stood: history.update(records=[]),
    lambda history, stood: history.update(since={}),
    lambda history, stood: stood.update(moments=["2026-11-22"]),
    lambda history, stood: stood.pop("moments"),
])  # fmt: skip
def test_a_torn_history_is_said_and_is_not_taken_for_none(change: Any) -> None:
    deployed = state(*at_aws("ready"), *torn(change), links=said("ready"))
    found = held(deployed, at("10:13:00"))
    assert found is not None
    assert found.until == at("10:14:00") + timedelta(seconds=UNKNOWN_TTL_SECONDS)
    assert "torn" in found.why


def test_a_record_that_the_history_does_not_know_may_have_moved_up_to_now() -> None:
    past = remembered((with_ttl("ready", 300, COM, "cf"), T0, T0))
    found = held(state(*at_aws("ready"), *past), at("10:13:00"))
    assert found is not None
    assert found.until == at("10:14:00") + timedelta(seconds=UNKNOWN_TTL_SECONDS)


@pytest.mark.parametrize("how", [{"importID": "Z0_url1_CNAME"}, {}], ids=["imported", "older than the history"])
def test_what_was_there_before_the_history_began_counts(how: dict[str, str]) -> None:
    """Adopted with a TTL of a day behind an edge of before; the first deployment lowered it. Nobody knows what it was."""
    made = "2026-11-22T09:50:00Z" if not how else "2026-11-22T10:00:00Z"
    past = remembered(step(300, "ready", "22T10:00:00", "22T10:00:05"))
    record = route53(NET, created=made, modified=made, **how)
    found = held(state(record, distribution(NET), *past), at("10:13:00"))
    assert found is not None
    assert found.until == at("10:01:00") + timedelta(seconds=UNKNOWN_TTL_SECONDS)
    assert "nobody knows" in found.why


def test_a_record_that_a_refresh_or_a_hand_has_changed_may_have_been_anything_until_then() -> None:
    past = remembered(step(300, "ready", "01T10:00:00"))
    found = held(state(*at_aws("ready", modified="2026-11-22T10:00:00Z"), *past), at("10:13:00"))
    assert found is not None
    assert found.until == at("10:01:00") + timedelta(seconds=UNKNOWN_TTL_SECONDS)
