"""Accounts at senders: declared once under `senders:`, or a provider's name alone in a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from linkproof.declaration.load import Loaded
from linkproof.plan.build import build
from linkproof.plan.render import render

ONE = "one: {sender: sendgrid"
EU = "senders:\n  mail: {provider: sendgrid, region: eu, account: external}\nedges:"


def test_a_link_takes_region_and_account_from_its_sender(edited: Callable[..., Loaded]) -> None:
    declaration = edited({"edges:": EU, ONE: "one: {sender: mail"}).declaration
    assert declaration is not None
    one, two = declaration.links["one"].sender, declaration.links["two"].sender
    assert (one.key, one.provider, one.region, one.is_external, one.path) == (
        "mail",
        "sendgrid",
        "eu",
        True,
        "senders.mail",
    )
    assert (two.key, two.provider, two.region, two.is_external) == ("sendgrid", "sendgrid", "us", False)
    values = {record.name: record.value for record in build(declaration).records}
    assert (values["1.example.net"], values["1.example.com"]) == ("eu.sendgrid.net.", "sendgrid.net.")


def test_a_provider_alone_takes_the_link_s_own_words(edited: Callable[..., Loaded]) -> None:
    declaration = edited({ONE: "one: {sender: sendgrid, region: eu, account: external"}).declaration
    assert declaration is not None
    sender = declaration.links["one"].sender
    assert (sender.region, sender.is_external) == ("eu", True)


@pytest.mark.parametrize(("account", "said"), [("external", True), ("default", False)])
def test_who_asks_for_https_is_said_where_somebody_else_runs_the_account(
    edited: Callable[..., Loaded], account: str, said: bool
) -> None:
    declaration = edited({"edges:": EU.replace("external", account), ONE: "one: {sender: mail"}).declaration
    assert declaration is not None
    text = render(declaration, build(declaration))
    assert ("whoever runs the account asks for it" in text) is said


@pytest.mark.parametrize(
    ("phase", "theirs"),
    [
        ("branded", "let them check these records before the edge is made"),
        ("ready", "nothing is theirs to do; the edge is proved before DNS leads there"),
        ("live", "once `linkproof verify` says proven, ask them to switch https on"),
        ("secured", "before a step back to live, ask them to switch https off"),
    ],
)
def test_the_plan_says_what_whoever_runs_the_account_does_in_each_phase(
    edited: Callable[..., Loaded], phase: str, theirs: str
) -> None:
    """The order of Braze's guide: records, its check, edge and certificate, its switch."""
    declaration = edited({"edges:": EU, ONE: "one: {sender: mail"}).declaration
    assert declaration is not None
    links = {**declaration.links, "one": replace(declaration.links["one"], phase=phase)}
    changed = replace(declaration, links=links)
    assert render(changed, build(changed)).count(f"account      somebody else's: {theirs}") == 1


def test_a_misspelt_sender_is_named_with_the_declared_ones(edited: Callable[..., Loaded]) -> None:
    (problem,) = edited({"edges:": EU.replace("mail", "newsletters"), ONE: "one: {sender: newsleters"}).errors
    assert (problem.rule, problem.path) == ("shape.value", "links.one.sender")
    assert "did you mean 'newsletters'?" in problem.fix


def test_a_sender_with_a_problem_of_its_own_is_not_said_to_be_missing(edited: Callable[..., Loaded]) -> None:
    found = edited({"edges:": EU.replace("sendgrid", "sendgird"), ONE: "one: {sender: mail"}).errors
    assert [(problem.rule, problem.path) for problem in found] == [("shape.value", "senders.mail.provider")]


def test_a_key_of_another_provider_is_said_to_be_its(edited: Callable[..., Loaded]) -> None:
    (problem,) = edited({"cloudfront": "cloudfront, rulesets: ours"}).errors
    assert problem.rule == "shape.unknown-key"
    assert "it belongs to provider cloudflare" in problem.message


def test_an_edge_that_needs_no_entry_is_not_offered_one(edited: Callable[..., Loaded]) -> None:
    (problem,) = edited({"provider: cloudfront": "provider: managed"}).errors
    assert (problem.rule, problem.path) == ("shape.value", "edges.aws.provider")
    assert problem.fix == "remove it, and write `edge: managed` in the link"


def test_a_change_of_a_sender_s_region_is_placed_at_the_sender(edited: Callable[..., Loaded]) -> None:
    from linkproof.declaration.past import compare

    before = edited({"edges:": EU, ONE: "one: {sender: mail"}).declaration
    after = edited({"edges:": EU.replace("region: eu", "region: us"), ONE: "one: {sender: mail"}).declaration
    assert before is not None
    assert after is not None
    assert [(problem.rule, problem.path) for problem in compare(before, after)] == [
        ("past.account", "senders.mail.region")
    ]


MANAGED = {
    "edges:": "senders:\n  mail: {provider: sendgrid, manage: {default: one, assign: {news: one}}}\nedges:",
    "{sender: sendgrid, click_host: url1.example.net, owner_host: 1.example.net": "{sender: mail, click_host: url1.example.net",
}


@pytest.mark.parametrize("phase", ["branded", "ready", "live", "secured"])
def test_a_managed_link_is_validated_in_phase_branded_alone(edited: Callable[..., Loaded], phase: str) -> None:
    declaration = edited({**MANAGED, "edge: aws, phase: live": f"edge: aws, phase: {phase}"}).declaration
    assert declaration is not None
    plan = build(declaration)
    at_sender = {item.resource: item for item in plan.objects if item.engine_type.startswith("sendgrid:")}
    assert ("url1.example.net/valid" in at_sender) is (phase == "branded")
    brand = at_sender["url1.example.net/brand"]
    assert (brand.protect, getattr(brand, "must_be_valid", None)) == (True, phase != "branded")
    (click,) = [record for record in plan.records if record.name == "url1.example.net"]
    assert "url1.example.net/brand" in click.needs, "the brand comes first, and goes last"
    assert "default/news" in at_sender


def test_the_owner_host_of_a_managed_link_is_the_api_s_answer_where_nobody_wrote_it(
    edited: Callable[..., Loaded],
) -> None:
    declaration = edited(MANAGED).declaration
    assert declaration is not None
    plan = build(declaration)
    (owner,) = [record for record in plan.records if record.resource == "example.net/owner"]
    assert (str(owner.name), owner.zone) == ("<the owner host of url1.example.net/brand>", "example.net")
    assert "as the sender's answer says it" in render(declaration, plan)


@pytest.mark.parametrize("written", ["manage: {}", "manage:"])
def test_manage_alone_manages_the_links(edited: Callable[..., Loaded], written: str) -> None:
    block = f"senders:\n  mail:\n    provider: sendgrid\n    {written}\nedges:"
    declaration = edited({**MANAGED, "edges:": block}).declaration
    assert declaration is not None
    assert declaration.links["one"].sender.is_managed


def test_without_manage_nothing_is_made_at_the_sender(edited: Callable[..., Loaded]) -> None:
    declaration = edited({}).declaration
    assert declaration is not None
    assert not [item for item in build(declaration).objects if item.engine_type.startswith("sendgrid:")]


def test_links_of_a_managed_entry_are_one_user_s_without_an_owner_host(edited: Callable[..., Loaded]) -> None:
    """Https belongs to the account: one that is secured writes the others with it."""
    two = "{sender: sendgrid, click_host: url2.example.com, owner_host: 1.example.com, edge: cf, phase: live"
    edits = {**MANAGED, two: "{sender: mail, click_host: url2.example.com, edge: cf, phase: secured"}
    found = [one for one in edited(edits).problems if one.rule == "link.account-writes-https"]
    assert [(one.path, one.severity) for one in found] == [("links.one.phase", "warning")]
    assert "user mail writes every link" in found[0].message
