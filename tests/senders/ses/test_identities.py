"""What an identity of Amazon SES has in the plan: its records, its protection, and sets that wait for it."""

from __future__ import annotations

import pytest
from linkproof.plan.build import build
from linkproof.plan.model import Plan
from linkproof.senders.ses.items import ConfigurationSet, Identity, MailFrom
from linkproof.senders.ses.state import dkim_record

from tests.managed import read
from tests.plan.declared import of

TEXT = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET}
senders:
  mail:
    provider: ses
    region: eu-west-1
    manage:
      identities: {news.example.net: {state: STATE}, other.example.net: {state: verified, dkim: rsa-1024}}
      configuration_sets: {news: {link: one}}
edges:
  aws: {provider: cloudfront}
links:
  one: {sender: mail, click_host: click.news.example.net, edge: aws, phase: PHASE}
"""


def plan(state: str = "verified", phase: str = "branded") -> Plan:
    return build(read(TEXT.replace("STATE", state).replace("PHASE", phase)))


@pytest.mark.parametrize(("state", "domain"), [("verifying", ""), ("verified", "click.news.example.net")])
def test_a_set_has_no_redirect_domain_before_its_identity_is_verified(state: str, domain: str) -> None:
    (one,) = of(plan(state), ConfigurationSet)
    assert one.redirect_domain == domain
    assert one.needs == ("click.news.example.net/CNAME", "default/eu-west-1/news.example.net")


@pytest.mark.parametrize(("phase", "held"), [("branded", False), ("ready", False), ("live", True), ("secured", True)])
def test_the_identity_of_a_link_in_use_is_protected_and_no_other(phase: str, held: bool) -> None:
    found = {one.domain: one for one in of(plan(phase=phase), Identity)}
    assert (found["news.example.net"].protect, found["other.example.net"].protect) == (held, False)
    assert [one.key_length for one in found.values()] == ["RSA_2048_BIT", "RSA_1024_BIT"]


def test_each_identity_has_three_records_in_the_zone_that_holds_it() -> None:
    dkim = [record for record in plan().records if "/dkim" in record.resource]
    assert len(dkim) == 6
    assert {record.zone for record in dkim} == {"example.net"}


@pytest.mark.parametrize(
    ("region", "zone"), [("eu-west-1", "dkim.amazonses.com"), ("eu-south-1", "dkim.eu-south-1.amazonses.com")]
)
def test_dkim_records_lead_to_the_zone_of_their_region(region: str, zone: str) -> None:
    tokens = ["a", "b", "c"]
    assert dkim_record(tokens, "example.net", region, "dkim2_name") == "b._domainkey.example.net."
    assert dkim_record(tokens, "example.net", region, "dkim3_target") == f"c.{zone}."


def test_a_mail_from_domain_stands_behind_its_mx_and_spf_records_in_the_declared_zone() -> None:
    text = TEXT.replace("PHASE", "branded").replace(
        "STATE", "verified, mail_from: Bounce.news.example.net, on_mx_failure: reject"
    )
    made = build(read(text))
    (one,) = of(made, MailFrom)
    host, identity = "bounce.news.example.net", "default/eu-west-1/news.example.net"
    assert (one.host, one.domain, one.on_mx_failure) == (host, "news.example.net", "REJECT_MESSAGE")
    assert one.needs == (identity, f"{host}/MX", f"{host}/TXT")
    found = {record.type: record for record in made.records if record.name == host}
    assert found["MX"].value == "10 feedback-smtp.eu-west-1.amazonses.com."
    assert found["TXT"].value == '"v=spf1 include:amazonses.com ~all"'
    assert {record.zone for record in found.values()} == {"example.net"}
