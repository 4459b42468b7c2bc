"""The lab's models of edges, deployed as planned: what the suite says of them for each sender, and what the page says."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from linkproof.conformance.requirements.all import required
from linkproof.conformance.run.session import Limits
from linkproof.conformance.run.start import needs_of

from tests.conformance.conftest import broken
from tests.conformance.lab.planned import PAIRS, provider_of
from tests.conformance.lab.running import asked
from tests.conformance.test_page import told_of_pair

# Ten seconds of waiting each, for the lab's patience with an origin; what it says of an edge is shown by an edge of our own.
SLOW = "origin.silent"
# What keeps an answer for a while, where a sender wants that, is asked again after that while.
KEEPING = {"cloudfront", "cloudflare"}


@pytest.mark.parametrize(("edge", "sender"), PAIRS)
def test_what_a_plan_makes_keeps_every_must_in_the_lab(edge: str, sender: str, tmp_path: Path) -> None:
    needs = needs_of(sender)
    assert needs is not None
    only = {one.id for one in required(needs)} - {SLOW}
    run = asyncio.run(asked(edge, sender, tmp_path, Limits(), only, None if provider_of(edge) in KEEPING else 0))
    assert not run.of("broken", must=True), broken(run)
    told = told_of_pair(f"the lab's {edge}", sender, needs)
    assert told is not None
    told.pop(SLOW)
    assert told == {one.requirement.id: one.verdict for one in run.outcomes}
