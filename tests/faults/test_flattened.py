"""Addresses in the place of a CNAME: each cause has its own advice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.verify.edges import endpoint
from tests.verify.survey.test_rounds import CHANGED, FakeClock, previous
from tests.verify.world import CLICK, TARGET, World, errors, expect

EDGE, BESIDE, ELSEWHERE, PROXY = "192.0.2.1", "192.0.2.77", "198.51.100.9", "104.16.0.9"


def found_in(tmp_path, address: str, *, phase: str = "", wildcard: bool = False, **parts):
    """The finding about the click host; nothing listens at the addresses, so its endpoint is left out of it."""
    with World(tmp_path) as world:
        world.vendor.set(TARGET, "A", [EDGE])
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", None)
            server.set("*.example.test." if wildcard else CLICK, "A", [address])
        endpoints = [endpoint(phase=phase, hsts_parents=[], http="off", https="off")] if phase else []
        clock = parts.pop("clock", None)
        result = world.verify(expect(endpoints=endpoints, **parts), clock=clock, timeout_seconds=0.5)
    return result, [f for f in result.findings if f.id == "link/click"]


@pytest.mark.parametrize("phase", ["live", "secured"])
@pytest.mark.parametrize("address", [EDGE, BESIDE])
def test_an_alias_to_the_edge_of_a_live_link_is_not_to_be_deleted(tmp_path, phase, address):
    _, findings = found_in(tmp_path, address, phase=phase)
    assert {f.rule for f in findings} == {"dns.alias-record"}
    assert "do not delete it" in findings[0].fix
    assert TARGET in findings[0].observed


@pytest.mark.parametrize("phase", ["", "branded", "ready"])
def test_before_the_edge_is_in_use_the_same_is_flattening(tmp_path, phase):
    _, findings = found_in(tmp_path, EDGE, phase=phase)
    assert {f.rule for f in findings} == {"dns.flattened"}
    assert "flattening" in findings[0].fix
    assert "proxying" not in findings[0].fix


@pytest.mark.parametrize("phase", ["", "live"])
def test_an_expired_domain_gives_every_name_the_same_addresses(tmp_path, phase):
    _, findings = found_in(tmp_path, ELSEWHERE, phase=phase, wildcard=True)
    assert {f.rule for f in findings} == {"dns.parked"}
    assert "registrar" in findings[0].fix


@pytest.mark.parametrize(("address", "advice"), [(PROXY, "proxying off"), (ELSEWHERE, "find out whose addresses")])
def test_a_proxy_and_an_address_made_by_hand_are_told_apart(tmp_path, address, advice):
    _, findings = found_in(tmp_path, address, phase="live")
    assert {f.rule for f in findings} == {"dns.flattened"}
    assert advice in findings[0].fix


def test_an_alias_that_was_the_old_state_lags(tmp_path):
    past = previous(values=[], served="alias")
    result, findings = found_in(tmp_path, EDGE, phase="live", previous=past, clock=FakeClock())
    assert (findings, errors(result)) == ([], set())
    assert {item.until for item in result.lagging} == {CHANGED + timedelta(seconds=60)}
