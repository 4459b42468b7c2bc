"""Signed zones that validate today and are not well looked after: signatures about to end, weak keys, denials without proof."""

from __future__ import annotations

import pytest

from tests.faults.test_dnssec import SignedWorld
from tests.verify.world import CLICK, rules

DAY = 86400


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((-20, 0.25), {"dns.dnssec-expires-soon"}),
        ((-20, 2), {"dns.dnssec-expires-soon"}),
        ((-13, 1.5), set()),  # more than a tenth: Knot renews just now
        ((-60, 4), set()),  # a twentieth, but days to look at it
        ((-1, 1), set()),  # of two days, made live
        ((-0.04, 0.04), set()),
    ],
)
def test_a_signature_ends_soon_by_what_is_left_of_its_lifetime_and_by_the_clock(tmp_path, days, expected):
    with SignedWorld(tmp_path) as world:
        for server in (world.first, world.second):
            server.window = tuple(int(day * DAY) for day in days)
        result = world.verify()
    assert (rules(result), result.verdict) == (expected, "proven")
    assert {(f.severity, f.id) for f in result.findings} <= {("warning", "zone/example.test")}, "once for each server"
    assert len(result.findings) == 2 * len(expected)


def test_a_record_whose_signature_alone_ends_soon_is_its_own_finding(tmp_path):
    with SignedWorld(tmp_path) as world:
        world.second.windows["CNAME"] = (-20 * DAY, DAY // 4)
        result = world.verify()
    assert [(f.rule, f.severity, f.id, f.vantage.address) for f in result.findings] == [
        ("dns.dnssec-expires-soon", "warning", "link/click", "127.61.3.2")
    ]
    assert CLICK in result.findings[0].expected
