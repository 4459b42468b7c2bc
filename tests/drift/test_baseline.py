"""What a team has accepted for a while, and how a file that cannot be understood is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from linkproof.drift.baseline import BaselineError, applied, read_baseline
from linkproof.drift.model import Item

ENTRY = """version: 1
accepted:
  - what: 1234567.example.net/CNAME
    property: ttl
    owner: jo@example.com
    reason: the DNS team measures with a longer TTL
    until: 2026-12-31
"""
TTL = Item("drift", "state = cloud", "1234567.example.net/CNAME", path="ttl")


def accepted(tmp_path: Path, text: str = ENTRY):
    file = tmp_path / "dev.yaml"
    file.write_text(text)
    return read_baseline(file, "accepted/dev.yaml")


def at(day: int, month: int = 12, year: int = 2026) -> datetime:
    return datetime(year, month, day, 23, 59, tzinfo=UTC)


def test_without_a_file_nothing_is_accepted(tmp_path: Path) -> None:
    assert read_baseline(tmp_path / "dev.yaml", "accepted/dev.yaml") == ()


def test_what_is_accepted_says_by_whom_why_and_until_when(tmp_path: Path) -> None:
    (item,), notes = applied([TTL], accepted(tmp_path), at(31))
    assert (item.kind, notes) == ("accepted", ())
    assert item.acceptance == {
        "owner": "jo@example.com", "reason": "the DNS team measures with a longer TTL", "until": "2026-12-31",
    }  # fmt: skip


def test_an_acceptance_that_is_over_counts_as_drift_again_and_says_whose_it_was(tmp_path: Path) -> None:
    (item,), _ = applied([TTL], accepted(tmp_path), at(1, 1, 2027))
    assert item.kind == "drift"
    assert "jo@example.com had accepted it until 2026-12-31" in item.note
    assert "accepted/dev.yaml:3:5" in item.note


@pytest.mark.parametrize(
    "other",
    [
        Item("drift", "state = cloud", "1234567.example.net/CNAME", path="records"),
        Item("drift", "state = cloud", "7654321.example.net/CNAME", path="ttl"),
        Item("could not check", "state = cloud", "1234567.example.net/CNAME", path="ttl"),
        Item("missing", "state = cloud", "1234567.example.net/CNAME"),
    ],
)
def test_nothing_else_is_accepted_with_it_and_the_idle_entry_is_told(tmp_path: Path, other: Item) -> None:
    (item,), notes = applied([other], accepted(tmp_path), at(1))
    assert item == other
    assert notes == (
        "accepted/dev.yaml:3:5: nothing is seen of 1234567.example.net/CNAME: take the entry out",
    )  # fmt: skip


def test_without_a_property_all_of_it_is_accepted(tmp_path: Path) -> None:
    entries = accepted(tmp_path, ENTRY.replace("    property: ttl\n", ""))
    items = [TTL, Item("missing", "state = cloud", TTL.subject)]
    assert {item.kind for item in applied(items, entries, at(1))[0]} == {"accepted"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version: 1", "version: 2", "accepted/dev.yaml:1:1: version: it must be 1"),
        ("owner:", "owned:", "accepted/dev.yaml:5:5: accepted.0.owned: unknown key; fix: did you mean 'owner'?"),
        ("    owner: jo@example.com\n", "", "accepted/dev.yaml:3:5: accepted.0.owner: required and not there"),
        ("2026-12-31", "next year", "accepted/dev.yaml:7:5: accepted.0.until: 'next year' is no day"),
        ("2026-12-31", "20261231", "is no day; fix: write the last day as 2027-01-31"),
        ("reason: the DNS team measures with a longer TTL", "reason:", "accepted.0.reason: it is nothing"),
        ("accepted:\n  - what", "accept:\n  - what", "accept: unknown key; fix: did you mean 'accepted'?"),
        ("version: 1\n", "", "version: it must be 1"),
        ("version: 1", "version: [", "accepted/dev.yaml:"),
    ],
)
def test_a_file_that_is_not_of_the_form_is_refused_with_place_and_fix(tmp_path: Path, old, new, said) -> None:
    with pytest.raises(BaselineError) as refused:
        accepted(tmp_path, ENTRY.replace(old, new))
    assert any(said in problem for problem in refused.value.problems), refused.value.problems
    assert all("fix:" in problem for problem in refused.value.problems)
