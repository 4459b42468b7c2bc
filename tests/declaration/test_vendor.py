"""The vendor facts that rules use are those that the plan uses; the rules may not import them, for imports point one way."""

from __future__ import annotations

import pytest
from linkproof.declaration.rules import vendor
from linkproof.declaration.rules.quotas import rules_for
from linkproof.edges.cloudflare import plan as cloudflare
from linkproof.edges.cloudfront import plan as cloudfront
from linkproof.senders.karte import plan as karte
from linkproof.senders.sendgrid import plan as sendgrid


def test_rules_and_plan_agree_on_targets_and_authorities() -> None:
    assert dict(vendor.SENDGRID_TARGETS) == dict(sendgrid.TARGETS)
    assert vendor.KARTE_TARGET == karte.TARGET
    assert set(vendor.CAS["cloudfront"]) == set(cloudfront.CAS)
    assert set(vendor.CAS["cloudflare"]) == set(cloudflare.CAS)


@pytest.mark.parametrize("count", [1, 100, 145, 146, 500])
def test_rules_and_plan_count_the_same_cloudflare_rules(count: int) -> None:
    hosts = [f"{number:012d}.example.com" + "x" * (number % 7) for number in range(count)]
    planned = cloudflare.rulesets("example.com", {"cf": hosts}, ours=True, in_use=False)
    assert {len(ruleset.rules) for ruleset in planned} == {rules_for(hosts)}
