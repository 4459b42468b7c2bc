"""The addresses that a provider publishes."""

from __future__ import annotations

from linkproof.verify.judge.ranges import published_ranges


def test_published_ranges_are_networks_of_both_families():
    ranges = published_ranges("cloudflare")
    assert {network.version for network in ranges} == {4, 6}
    assert published_ranges("cloudfront") == ()
