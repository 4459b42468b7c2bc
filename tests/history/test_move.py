"""A past that goes from one stack to another says of no record that it ended earlier than it did."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from linkproof.history.keep import appended, begun, settled, text
from linkproof.history.move import joined_moments, with_moved, without

START = datetime(2026, 1, 1, tzinfo=UTC)
# of one stack: at each minute a change of a record, a deployment that ended well, or nothing
EVENTS = st.lists(st.sampled_from(["a", "b", "ends", ""]), min_size=1, max_size=25)


def _history(name: str, events: list[str]) -> tuple[dict[str, Any], list[str]]:
    records = {f"{name}-a": "0", f"{name}-b": "0"}
    outputs: dict[str, Any] = {"records": records, **begun(records, START)}
    moments: dict[str, Any] = settled({}, START)
    for number, event in enumerate(events, start=1):
        at = START + timedelta(minutes=number)
        if event in ("a", "b"):
            records = {**outputs["records"], f"{name}-{event}": str(number)}
            outputs = {"records": records, **appended(outputs, records, at)}
        elif event:
            moments = settled(moments, at)
    return outputs, moments["moments"]


def _ends(outputs: dict[str, Any], moments: list[str], key: str) -> list[tuple[str, str | None]]:
    """What it served, and when that is first known to have ended."""
    return [
        (entry["served"], next((moment for moment in sorted(moments) if moment >= entry["until"]), None))
        for entry in outputs["past"].get(key, ())
    ]


@given(EVENTS, EVENTS)
def test_no_end_comes_earlier_in_the_joined_history(one: list[str], other: list[str]) -> None:
    (mine, my_moments), (its, its_moments) = _history("mine", one), _history("its", other)
    joined = with_moved(mine, its, ["its-a"])
    moments = joined_moments(mine, my_moments, its, its_moments, ["its-a"])
    for outputs, own, keys in ((mine, my_moments, ("mine-a", "mine-b")), (its, its_moments, ("its-a",))):
        for key in keys:
            for (served, before), (same, after) in zip(
                _ends(outputs, own, key), _ends(joined, moments, key), strict=True
            ):
                assert served == same
                assert after is None or (before is not None and after >= before)
    assert set(joined["records"]) == {"mine-a", "mine-b", "its-a"}
    assert set(without(its, ["its-a"])["records"]) == {"its-b"}
    assert "its-a" not in without(its, ["its-a"])["past"]


def test_stacks_that_rest_keep_every_moment_and_so_every_end() -> None:
    (mine, my_moments), (its, its_moments) = (
        _history("mine", ["ends", "", "", "ends"]),
        _history("its", ["a", "ends", "a", "ends"]),
    )
    moments = joined_moments(mine, my_moments, its, its_moments, ["its-a"])
    assert _ends(with_moved(mine, its, ["its-a"]), moments, "its-a") == _ends(its, its_moments, "its-a")
    assert moments == sorted({*my_moments, *its_moments} - {text(START + timedelta(minutes=1))})


def test_what_came_back_keeps_both_pasts() -> None:
    first = {"records": {}, "past": {"k": [{"served": "x", "until": text(START)}]}, "since": {}, "revision": 3}
    later = text(START + timedelta(days=1))
    second = {
        "records": {"k": "y"},
        "past": {"k": [{"served": "x", "until": later}, {"served": "z", "until": later}]},
        "since": {"k": later},
    }
    assert with_moved(first, second, ["k"])["past"]["k"] == second["past"]["k"]
    assert with_moved(first, second, ["k"])["revision"] == 3
