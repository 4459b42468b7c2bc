"""Certificates that somebody must see to by now are part of a night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from linkproof.declaration.load import load_text
from linkproof.drift.expiring import items
from linkproof.drift.model import Item

TEXT = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE}
tracking_hosts:
  karte: {provider: karte, host: t.example.net, state: in-use}
"""
NOW = datetime(2026, 11, 29, 3, tzinfo=UTC)


def found(days: int, *said: Item) -> list[Item]:
    loaded = load_text(TEXT, "stacks/dev.yaml")
    assert loaded.declaration is not None, loaded.problems
    end = NOW + timedelta(days=days)
    seen = {
        "id": "karte/sender",
        "host": "t.example.net",
        "not_before": (end - timedelta(days=90)).isoformat(),
        "not_after": end.isoformat(),
    }
    return list(items("dev", loaded.declaration, {"certificates": [seen]}, NOW, said))


def test_a_certificate_with_time_is_nothing() -> None:
    assert found(80) == []


@pytest.mark.parametrize("days", [20, 2])
def test_one_that_is_due_or_late_is_named_with_its_last_day_and_what_stops(days: int) -> None:
    (item,) = found(days)
    assert (item.kind, item.subject, item.type, item.path, item.links) == (
        "drift", "t.example.net", "certificate", "last day to act", ("karte",),
    )  # fmt: skip
    assert datetime.fromisoformat(item.expected).date() < (NOW + timedelta(days=days)).date()
    assert f"{days} days left" in item.observed
    assert item.why.startswith("or else ")


def test_what_the_verification_says_of_it_already_is_not_said_twice() -> None:
    said = Item("drift", "cloud = world", "karte/sender", path="tls.expires-soon", links=("karte",))
    assert found(2, said) == []
