"""The text in the zone goes again, whatever ends the work; what the authoritative servers serve is tested in the lab."""

from __future__ import annotations

import signal
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from linkproof.karte.issue import challenge
from linkproof.karte.issue.challenge import Writing, served


class InItsFinalizer:
    """What is raised here, Python prints and forgets."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


class Zone:
    """Writes texts; a ^C comes just then, where its exception is lost."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def add(self, client: Any, zone_id: str, name: str, text: str) -> None:
        self.texts.append(text)
        InItsFinalizer()

    def remove(self, client: Any, zone_id: str, name: str, text: str) -> None:
        self.texts.remove(text)


@pytest.mark.parametrize("missing", [["ns1 has nothing"], []], ids=["waiting", "served at once"])
def test_an_interrupt_that_comes_inside_a_finalizer_is_not_lost(
    monkeypatch: pytest.MonkeyPatch, missing: list[str]
) -> None:
    monkeypatch.setattr(challenge, "not_served", lambda *_: missing)
    zone, before = Zone(), signal.getsignal(signal.SIGINT)
    place: Any = SimpleNamespace(zone="example.net", chain=("_acme-challenge.t.example.net.",))
    writing = Writing(place, zone, None, "Z1", nullcontext)
    options: Any = None
    with pytest.raises(KeyboardInterrupt), served(writing, "text", options, 5, lambda _: None):
        pytest.fail("it went on")
    assert zone.texts == []
    assert signal.getsignal(signal.SIGINT) is before
