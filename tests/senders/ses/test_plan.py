"""What a managed Amazon SES sender holds in each phase."""

from __future__ import annotations

import pytest
from linkproof.plan.build import build
from linkproof.senders.ses.items import ConfigurationSet, EventDestination

from tests.managed import read
from tests.plan.declared import of

TEXT = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET}
senders:
  mail:
    provider: ses
    region: eu-west-1
    account: brand
    manage:
      configuration_sets:
        all: {link: one, events: {metrics: {to: cloudwatch, types: [send, rendering-failure], dimensions: [{name: a, source: link-tag, default: none}]}}}
        opens: {link: one, https: opens}
edges:
  aws: {provider: cloudfront}
links:
  one: {sender: mail, click_host: click.example.net, edge: aws, phase: PHASE}
"""


def sets(phase: str) -> dict[str, ConfigurationSet]:
    plan = build(read(TEXT.replace("PHASE", phase)))
    return {one.name: one for one in of(plan, ConfigurationSet)}


@pytest.mark.parametrize("phase", ["branded", "ready", "live", "secured"])
def test_https_is_required_in_phase_secured_alone_and_the_domain_always_goes_with_it(phase: str) -> None:
    found = sets(phase)
    wanted = ("REQUIRE", "REQUIRE_OPEN_ONLY") if phase == "secured" else ("OPTIONAL", "OPTIONAL")
    assert (found["all"].https_policy, found["opens"].https_policy) == wanted
    assert {one.redirect_domain for one in found.values()} == {"click.example.net"}
    assert {one.protect for one in found.values()} == {phase in ("live", "secured")}
    assert {(one.account, one.region) for one in found.values()} == {("brand", "eu-west-1")}


def test_a_set_stands_after_its_record_and_its_destinations_after_it() -> None:
    plan = build(read(TEXT.replace("PHASE", "live")))
    (metrics,) = of(plan, EventDestination)
    assert sets("live")["all"].needs == ("click.example.net/CNAME",)
    assert metrics.needs == (metrics.configuration_set,) == (sets("live")["all"].resource,)
    assert (metrics.types, metrics.enabled) == (("RENDERING_FAILURE", "SEND"), True)
    assert metrics.dimensions == (("a", "LINK_TAG", "none"),)
