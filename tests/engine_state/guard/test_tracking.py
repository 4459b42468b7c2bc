"""A tracking host is in use when the stack holds its record, whatever is said; and not before it is said."""

from __future__ import annotations

import pytest
from linkproof.contract.state import Resource

from tests.engine_state.deployed import NOW, ZONES, cloudflare, judge, state
from tests.managed import read

HELD = cloudflare("t.example.com", "cname.karte.io", protect=True)


def refused(said: str, *held: Resource, zone: str = "example.com") -> list[str]:
    declaration = read(ZONES + f"tracking_hosts:\n  k: {{provider: karte, host: t.{zone}{said}}}\n")
    return [one.rule for one in judge(declaration, state(*held), NOW)]


@pytest.mark.parametrize("said", ["", ", state: in-use"])
def test_a_host_whose_record_is_held_is_in_use(said):
    assert refused(said, HELD) == []


@pytest.mark.parametrize("said", [", state: verifying", ", state: preparing"])
def test_it_does_not_wait_again_for_a_renewal(said):
    assert refused(said, HELD) == ["tracking.host-in-use"]


def test_a_new_host_says_its_state_before_anything_is_published():
    assert refused("") == ["tracking.host-new"]
    for state_ in ("verifying", "preparing", "in-use"):
        assert refused(f", state: {state_}") == []


def test_where_people_write_the_record_nobody_here_knows():
    assert refused("", zone="example.org") == []
