"""A tracking host before its record exists: whether the service has taken it over is seen at the service's own name."""

from __future__ import annotations

import pytest

from tests.verify.certificates import Authority
from tests.verify.edges import Edge, endpoint
from tests.verify.world import TARGET, World, errors, expect, rules

HOST = "t.example.test"
WAITS = {
    "host": HOST,
    "connect": TARGET.rstrip("."),
    "edge": None,
    "sender": "karte",
    "http": "off",
    "https": "awaited",
}


def waiting(tmp_path, *names, **options):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        if names:
            Edge(world, authority.context(*names, **options), signs=None)
        return world.verify(expect(endpoints=[endpoint(**WAITS)]), ca=authority.file)


def test_a_certificate_of_the_services_own_is_waited_for_and_decides_nothing(tmp_path):
    result = waiting(tmp_path, "*.karte.io")
    assert (result.findings, result.exit_code) == ((), 0)
    assert any("not in use yet: a certificate for *.karte.io" in item.reason for item in result.optional)


def test_the_hosts_own_certificate_tells_that_it_is_in_use(tmp_path):
    result = waiting(tmp_path, HOST)
    assert (rules(result), errors(result)) == ({"tls.in-use"}, set())
    assert "使用中" in result.findings[0].fix


@pytest.mark.parametrize(
    ("options", "rule"), [({"chain": False}, "tls.incomplete-chain"), ({"days": (-30, -1)}, "tls.expired")]
)
def test_what_is_wrong_with_what_was_uploaded_is_found_before_anybody_relies_on_it(tmp_path, options, rule):
    assert errors(waiting(tmp_path, HOST, **options)) == {rule}


def test_a_closed_port_is_waited_for(tmp_path):
    result = waiting(tmp_path)
    assert (result.findings, result.exit_code) == ((), 0)
