"""A state that is put together by hand holds each resource after what it needs."""

from __future__ import annotations

from typing import Any

from linkproof.engine.order import in_order


def made(name: str, *needs: str, **more: Any) -> dict[str, Any]:
    return {"urn": name, "dependencies": list(needs), **more}


def names(resources: list[dict[str, Any]]) -> list[str]:
    return [resource["urn"] for resource in resources]


def test_what_was_found_stands_before_what_already_depends_on_it() -> None:
    """The history settles after all records: a record that is taken in later would stand behind it."""
    assert names(in_order([made("history"), made("settled", "history", "record"), made("record", "history")])) == [
        "history",
        "record",
        "settled",
    ]


def test_parents_providers_and_properties_are_needs_too() -> None:
    child = made("child", parent="edge", provider="aws::id-1", propertyDependencies={"zone": ["zone"], "none": None})
    assert names(in_order([child, made("zone"), made("aws"), made("edge")])) == ["edge", "aws", "zone", "child"]


def test_what_is_in_order_stays_as_it_is() -> None:
    resources = [made("a"), made("b", "a"), made("c", "a", "b"), made("d")]
    assert in_order(resources) == resources


def test_one_that_waits_to_be_deleted_beside_its_successor_is_kept() -> None:
    old, new = made("record", delete=True), made("record", "history")
    assert in_order([old, made("settled", "record"), made("history"), new]) == [
        old,
        made("history"),
        new,
        made("settled", "record"),
    ]


def test_a_circle_and_a_stranger_lose_nothing() -> None:
    assert sorted(names(in_order([made("a", "b"), made("b", "a"), made("c", "gone")]))) == ["a", "b", "c"]
