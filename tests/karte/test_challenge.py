"""The text in the zone goes again, whatever ends the work; what the authoritative servers serve is tested in the lab."""

from __future__ import annotations

import signal
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from linkproof.karte.issue import challenge
from linkproof.karte.issue.challenge import Writing, served
from linkproof.names import HostName
from linkproof.verify.challenge import TextPlace
from linkproof.verify.options import VerifyOptions

from tests.managed import read


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


@pytest.mark.parametrize(
    ("zone", "zone_id"),
    [("{dns: route53, id: Z0EXAMPLE0NET}", "Z0EXAMPLE0NET"), ("{dns: rfc2136, account: ns1}", "example.net")],
    ids=["by its id", "by its name, where zones have no id"],
)
def test_a_writer_is_told_the_zone_as_its_host_knows_it(
    monkeypatch: pytest.MonkeyPatch, zone: str, zone_id: str
) -> None:
    declaration = read(
        f"version: 1\nzones:\n  example.net: {zone}\nlinks:\n  one: {{sender: sendgrid, click_host: url1.example.net,"
        " owner_host: 1.example.net, phase: branded}\n"
    )
    place = TextPlace(("_acme-challenge.t.example.net.",), "example.net.")
    monkeypatch.setattr(challenge, "find_text_place", lambda *_: place)
    asked: list[tuple[str, str]] = []
    writing = challenge.find_writing(
        HostName.parse("t.example.net"), declaration, None, lambda *whose: asked.append(whose), VerifyOptions()
    )
    assert (writing.zone_id, writing.writer is not None, len(asked)) == (zone_id, True, 1)
