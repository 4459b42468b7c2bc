"""Azure's edge: its rule, what a plan makes for senders of different needs, and what the guard says of a domain that is not validated."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.contract.items import Record
from linkproof.contract.values import Late
from linkproof.declaration.load import load_text
from linkproof.declaration.model import Declaration
from linkproof.declaration.problem import Problem
from linkproof.edges.azure import items, rules, state
from linkproof.plan.build import build

HEAD = """version: 1
zones: {example.net: {dns: azure, id: mail/example.net}, example.com: {dns: manual}}
"""
LINKS = """edges: {door: {provider: azure}, other: {provider: azure, resource_group: other, check_origin_name: false, certificates: {"*.example.net": VAULT}}}
links:
  grid: {sender: sendgrid, click_host: url1.example.net, owner_host: 1.example.net, edge: door, phase: live}
  more: {sender: sendgrid, click_host: url2.example.com, owner_host: 1.example.com, edge: door, phase: ready}
  spark: {sender: sparkpost, click_host: click.example.net, edge: door, phase: ready}
  else: {sender: sendgrid, click_host: url3.example.net, owner_host: 1.example.net, edge: other, phase: ready}
"""


VAULT = "/subscriptions/s/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/acme/secrets/links"
LINKS = LINKS.replace("VAULT", VAULT)


def problems(text: str) -> list[Problem]:
    return [one for one in load_text(HEAD + text, "t.yaml").problems if "azure" in one.rule]


def declared(text: str) -> Declaration:
    loaded = load_text(HEAD + text, "t.yaml")
    assert loaded.declaration is not None, loaded.problems
    return loaded.declaration


def of(kind: type[Any]) -> list[Any]:
    return [item for item in build(declared(LINKS)).objects if isinstance(item, kind)]


def test_domains_of_a_profile_are_counted_before_azure_refuses_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems(LINKS) == []
    monkeypatch.setattr(rules, "MOST_DOMAINS", 2)
    (problem,) = problems(LINKS)
    assert (problem.rule, problem.path) == ("quota.azure-domains", "edges.door")


@pytest.mark.parametrize("group", ["a b", "ends.", "x" * 91, ""])
def test_a_resource_group_is_one(group: str) -> None:
    loaded = load_text(HEAD + f"edges: {{door: {{provider: azure, resource_group: '{group}'}}}}\n", "t.yaml")
    assert ("shape.value", "edges.door.resource_group") in {(one.rule, one.path) for one in loaded.problems}


def test_links_share_a_profile_and_a_sender_s_route() -> None:
    assert [(one.group, one.sku, one.protect) for one in of(items.Profile)] == [
        ("linkproof", "Standard_AzureFrontDoor", True),
        ("other", "Standard_AzureFrontDoor", False),
    ]
    assert {one.hosts: one.origin_group for one in of(items.Route)} == {
        ("url1.example.net", "url2.example.com"): "default/linkproof/sendgrid.net",
        ("click.example.net",): "default/linkproof/spgo.io/own-host",
        ("url3.example.net",): "default/other/sendgrid.net/unchecked",
    }
    assert [(one.origin, one.host_header, one.checks_name, one.protect) for one in of(items.Origin)] == [
        ("sendgrid.net", "", True, True),
        ("spgo.io", "spgo.io", True, False),
        ("sendgrid.net", "", False, False),
    ]
    assert {one.removed_headers for one in of(items.Rule)} == {("Cookie",)}
    assert all(one.rule_set for one in of(items.Route))


def test_a_host_is_proved_by_a_token_and_leads_to_the_endpoint_s_name() -> None:
    plan = build(declared(LINKS))
    (proof,) = (one for one in plan.records if one.resource == "_dnsauth.url1.example.net/TXT")
    assert (proof.type, proof.value) == (
        "TXT",
        Late("url1.example.net", "validation_token", "the token of custom domain"),
    )
    (click,) = (one for one in plan.records if isinstance(one, Record) and one.name == "url1.example.net")
    assert click.value == Late("default/linkproof", "host_name", "the name of endpoint")


def test_a_certificate_of_one_s_own_is_led_to_and_never_asked_of_a_ca() -> None:
    plan = build(declared(LINKS))
    assert [(one.resource, one.source) for one in of(items.Secret)] == [("default/other/acme/links", VAULT)]
    assert {one.host: one.secret for one in of(items.Domain)} == {
        "url1.example.net": "", "url2.example.com": "", "click.example.net": "", "url3.example.net": "default/other/acme/links",
    }  # fmt: skip
    links = {link.key: link for link in plan.links}
    assert [links[key].certificate_is_yours for key in ("grid", "else")] == [False, True]
    assert {check.id for check in plan.checks if check.id.endswith("/caa")} == {"grid/caa", "more/caa", "spark/caa"}


def test_every_type_that_is_planned_is_read_back() -> None:
    assert {
        item.engine_type for item in build(declared(LINKS)).objects if isinstance(item, items.AzureObject)
    } == state.TYPES


@pytest.mark.parametrize(
    ("name", "is_ours"), [("a-1b.z01.azurefd.net.", True), ("azurefd.net.", False), ("sendgrid.net.", False)]
)
def test_a_name_of_front_door_s_is_known(name: str, is_ours: bool) -> None:
    assert state.leads_here(name) is is_ours
