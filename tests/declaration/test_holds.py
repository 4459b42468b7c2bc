"""What two deployments may not have at once: a zone, and an account whose vendor counts."""

from __future__ import annotations

from linkproof.declaration.holds import Hold, holds

from tests.managed import read


def _held(text: str, accounts: object = None) -> frozenset[Hold]:
    return holds(read(f"version: 1\n{text}"), accounts)


def test_a_zone_that_people_write_is_held_by_nobody() -> None:
    link = "links:\n  a: {sender: sendgrid, click_host: url1.example.org, owner_host: 1.example.org, phase: branded}\n"
    assert _held(f"zones:\n  example.org: {{dns: manual}}\n{link}") == frozenset()


def test_zones_and_accounts_are_held_and_the_lab_s_are_others() -> None:
    text = "zones:\n  example.net: {dns: route53, id: Z0EXAMPLE1, account: dns}\nedges:\n  aws: {provider: cloudfront, account: web}\n"
    text += "links:\n  a: {sender: sendgrid, click_host: url1.example.net, owner_host: 1.example.net, edge: aws, phase: branded}\n"
    found = _held(text)
    assert ("zone", "world", "example.net") in found
    assert {hold[2:] for hold in found if hold[0] == "account"} == {("aws", "dns"), ("aws", "web")}
    assert found.isdisjoint(_held(f"lab: true\n{text}"))
    same = {"dns": {"aws": {"profile": "p"}}, "web": {"aws": {"profile": "p"}}}
    assert len([hold for hold in _held(text, same) if hold[0] == "account"]) == 1, "two names of one account"


def test_a_server_of_one_s_own_counts_no_calls() -> None:
    link = "links:\n  a: {sender: sendgrid, click_host: url1.example.org, owner_host: 1.example.org, phase: branded}\n"
    assert _held(f"zones:\n  example.org: {{dns: rfc2136}}\n{link}") == {("zone", "world", "example.org")}
