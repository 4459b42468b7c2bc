"""How the history grows, change by change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from linkproof.history import keep

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def after(*changes: dict[str, str]) -> dict[str, Any]:
    """The outputs after these declarations, a minute apart."""
    outputs: dict[str, Any] = {"records": changes[0], **keep.begun(changes[0], START)}
    for number, records in enumerate(changes[1:], 1):
        outputs = {"records": records, **keep.appended(outputs, records, START + timedelta(minutes=number))}
    return outputs


def test_what_was_served_until_now_is_appended_and_what_stays_is_not() -> None:
    made = after({"a": "1", "b": "1"}, {"a": "2", "b": "1"})
    assert made["past"] == {"a": [{"served": "1", "until": "2026-11-22T10:01:00.000000Z"}]}
    assert made["since"] == dict.fromkeys("ab", "2026-11-22T10:00:00.000000Z")
    assert made["revision"] == 2


def test_a_record_that_leaves_keeps_its_past_and_its_beginning() -> None:
    made = after({"a": "1"}, {}, {"a": "2"})
    assert made["past"]["a"] == [{"served": "1", "until": "2026-11-22T10:01:00.000000Z"}]
    assert made["since"]["a"] == "2026-11-22T10:00:00.000000Z"


def test_a_record_that_comes_later_is_known_from_then_on() -> None:
    assert after({"a": "1"}, {"a": "1", "b": "1"})["since"]["b"] == "2026-11-22T10:01:00.000000Z"


def test_the_same_thing_served_twice_is_one_entry_with_its_later_end() -> None:
    made = after({"a": "1"}, {"a": "2"}, {"a": "1"}, {"a": "2"})
    assert made["past"]["a"] == [
        {"served": "2", "until": "2026-11-22T10:02:00.000000Z"}, {"served": "1", "until": "2026-11-22T10:03:00.000000Z"},
    ]  # fmt: skip


def test_what_goes_back_and_forth_does_not_grow() -> None:
    way = [{"a": str(number % 3)} for number in range(200)]
    assert len(after(*way)["past"]["a"]) == 3


def test_settled_moments_are_kept_in_order_and_bounded() -> None:
    stood: dict[str, Any] = {}
    for number in range(keep.MOMENTS_KEPT + 5):
        stood = keep.settled(stood, START + timedelta(minutes=number))
    assert len(stood["moments"]) == keep.MOMENTS_KEPT
    assert stood["moments"] == sorted(stood["moments"])


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from("123")), min_size=1, max_size=12))
def test_nothing_that_was_ever_served_is_lost(changes: list[dict[str, str]]) -> None:
    made = after(*changes)
    for key in "abc":
        ever = {records[key] for records in changes if key in records}
        known = {entry["served"] for entry in made["past"].get(key, [])} | {made["records"].get(key)} - {None}
        assert known == ever
        ends = [entry["until"] for entry in made["past"].get(key, [])]
        assert ends == sorted(ends)
