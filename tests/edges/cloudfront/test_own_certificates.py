"""A certificate of the user's own at CloudFront: used, never made, and said in every place that speaks of certificates."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from linkproof.contract.checks import CaaNeed
from linkproof.edges.cloudfront.items import Certificate, Distribution
from linkproof.plan.build import build
from linkproof.standing.certificates import certificates, when_to_act

from tests.engine_state.deployed import NET, ZONES, link
from tests.managed import read

ARN = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-0123456789ab"
OTHER = ARN.replace("0a1b2c3d", "ffffffff")
NOW = datetime(2026, 11, 29, tzinfo=UTC)


def declared(certificates: str):
    edges = f"edges:\n  aws: {{provider: cloudfront, certificates: {{{certificates}}}}}\n"
    return read(ZONES + edges + f"links:\n  {link('live')}\n")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (f"'*.example.net': '{ARN}'", ARN),
        (f"{NET}: '{OTHER}', '*.example.net': '{ARN}'", OTHER),
        (f"'*.mail.example.net': '{ARN}'", ""),
        (f"'*.{NET}': '{ARN}'", ""),  # a wildcard covers what is below it
    ],
)
def test_the_distribution_has_the_one_that_covers_its_host(given: str, used: str) -> None:
    plan = build(declared(given))
    (distribution,) = (item for item in plan.items if isinstance(item, Distribution))
    made = [item for item in plan.items if isinstance(item, Certificate)]
    assert (distribution.own_certificate, bool(made)) == (used, not used)
    assert any(record.id.endswith("/validation") for record in plan.records) == (not used)
    assert any(isinstance(check, CaaNeed) for check in plan.checks) == (not used)


def test_its_days_are_said_with_who_renews_it() -> None:
    declaration = declared(f"'*.example.net': '{ARN}'")
    seen = {"id": "x", "host": NET, "not_before": "2026-10-01T00:00:00+00:00", "not_after": "2026-12-30T00:00:00+00:00"}
    (row,) = certificates("prod", declaration, {"certificates": [seen]}, NOW, NOW).rows
    assert (row.renewed_by, row.is_yours) == (f"you ({ARN})", True)
    assert when_to_act(row).startswith("31 days left; renew it")
