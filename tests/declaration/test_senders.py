"""Accounts at senders: declared once under `senders:`, or a provider's name alone in a link."""

from __future__ import annotations

from collections.abc import Callable

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
