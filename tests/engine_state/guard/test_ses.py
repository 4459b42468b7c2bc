"""What SES itself says of an identity, before a deployment that it would refuse halfway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from linkproof.engine.clients import Clients
from linkproof.engine.guard import Refusal, judge_at_vendors
from linkproof.engine.state import read_state
from linkproof.plan.build import build
from linkproof.senders.ses.items import CONFIGURATION_SET, IDENTITY
from linkproof_lab.senders.ses.control_plane.identities import SETTLED_KIND

from tests.engine_state.deployed import resource
from tests.lab.apis.conftest import Lab
from tests.lab.apis.test_ses_identities import until
from tests.managed import read

HOST, DOMAIN, KEY = "click.example.net", "example.net", "default/us-east-1"
TEXT = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET}
senders:
  mail: {provider: ses, region: us-east-1, manage: {identities: {example.net: {state: STATE}}, configuration_sets: {news: {link: one}}}}
links:
  one: {sender: mail, click_host: click.example.net, phase: branded}
"""


def judged(clients: Clients, state: str, *held: dict[str, Any]) -> list[Refusal]:
    plan = build(read(TEXT.replace("STATE", state)))
    document = {"deployment": {"resources": list(held)}}
    return judge_at_vendors(plan, read_state(document), clients.client)


@pytest.fixture
def identity(vendors: Lab) -> Iterator[None]:
    """Made, and not verified: its records are nowhere."""
    ses = vendors.aws("sesv2")
    ses.create_email_identity(EmailIdentity=DOMAIN)
    until(lambda: ses.get_email_identity(EmailIdentity=DOMAIN)["VerificationInfo"].get("ErrorType"))
    yield
    ses.delete_email_identity(EmailIdentity=DOMAIN)


def test_a_redirect_domain_without_any_identity_is_refused(vendors: Lab, clients: Clients) -> None:
    (refusal,) = judged(clients, "verified")
    assert (refusal.rule, refusal.host) == ("ses.not-verified", HOST)
    assert "no domain at or above click.example.net is an identity of SES in us-east-1" in refusal.message


def test_one_that_is_not_verified_yet_is_refused_with_sess_own_reason(
    vendors: Lab, clients: Clients, identity: None
) -> None:
    (refusal,) = judged(clients, "verified")
    assert "example.net is not verified at SES in us-east-1" in refusal.message
    assert "PENDING: a DKIM record was not found" in refusal.message
    vendors.store.put(SETTLED_KIND, HOST, {"verified": True})
    assert judged(clients, "verified") == [], "one at or above the host is enough"
    vendors.store.delete(SETTLED_KIND, HOST)


def test_a_set_that_has_its_domain_already_is_not_asked_about(clients: Clients) -> None:
    tracking = {"trackingOptions": {"customRedirectDomain": HOST, "httpsPolicy": "OPTIONAL"}}
    assert judged(clients, "verified", resource(CONFIGURATION_SET, f"{KEY}/news", inputs=tracking)) == []


def test_a_zone_of_dkim_records_that_is_another_than_the_tables_is_refused(
    clients: Clients, identity: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = resource(IDENTITY, f"{KEY}/{DOMAIN}", inputs={"emailIdentity": DOMAIN})
    assert judged(clients, "verifying", there) == []
    monkeypatch.setattr("linkproof_lab.senders.ses.control_plane.identities.ZONE", "dkim.us-east-1.amazonses.com")
    (refusal,) = judged(clients, "verifying", there)
    assert (refusal.rule, refusal.host) == ("ses.dkim-zone", DOMAIN)
    assert "below dkim.us-east-1.amazonses.com, and linkproof knows dkim.amazonses.com" in refusal.message
