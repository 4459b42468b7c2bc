"""Servers of one's own with the configuration that is rendered for them: what the suite says of each, and what the page says.

Every server for every sender is `python -m bench.conformance 'own/*'`; here each server has one.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from linkproof import registry
from linkproof.conformance.requirements.all import required
from linkproof.conformance.run.session import Limits
from linkproof.conformance.run.start import needs_of

from tests.conformance.conftest import broken
from tests.conformance.own.running import asked
from tests.conformance.test_page import told_of_pair
from tests.servers import programs

SELECTION = [
    ("nginx", "debian", "ses"),
    ("haproxy", "debian", "sendgrid"),
    ("apache", "debian", "ses"),
    ("caddy", programs.pinned()["caddy"], "sendgrid"),
    ("traefik", programs.pinned()["traefik"], "ses"),
    ("envoy", programs.pinned()["envoy"], "sparkpost"),
]
LIMITS = Limits(failure_seconds=10)
# 30 seconds of waiting each; what it says of an edge is shown by an edge of our own.
SLOW = {"origin.silent"}


@pytest.mark.parametrize(("name", "version", "sender"), SELECTION, ids=["-".join(one) for one in SELECTION])
def test_what_is_rendered_keeps_every_must_in_the_real_program(
    name: str, version: str, sender: str, tmp_path: Path
) -> None:
    needs = needs_of(sender)
    assert needs is not None
    program = programs.program(name, version)
    only = {one.id for one in required(needs)} - SLOW
    # none of them keeps an answer, so nothing is waited for
    run = asyncio.run(asked(program, sender, tmp_path, LIMITS, only, cache_seconds=0))
    assert run.verdict == "proven", broken(run)
    told = told_of_pair(str(program), sender, needs)
    if told is None:
        pytest.skip(f"the page does not tell of {program}")
    assert {one: verdict for one, verdict in told.items() if one not in SLOW} == {
        one.requirement.id: one.verdict for one in run.outcomes
    }


def test_every_server_is_among_them() -> None:
    assert {name for name, _, _ in SELECTION} == {plugin.name for plugin in registry.edges() if plugin.server}
