"""The message to support is written once everything that support asks for is proved, and not before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from linkproof.contract.state import State
from linkproof.declaration.load import load_text
from linkproof.declaration.model import Declaration
from linkproof.standing.support import requests

from tests.engine_state.deployed import NET, NOW, at_aws, resource, said, state

TEXT = f"""version: 1
zones:
  example.net: {{dns: route53, id: Z0EXAMPLE0NET}}
senders:
  mail: {{provider: sendgrid, manage: {{assign: {{news: one}}}}}}
edges:
  aws: {{provider: cloudfront}}
links:
  one: {{sender: mail, click_host: {NET}, owner_host: 1234567.example.net, edge: aws, phase: live}}
"""
END = (NOW + timedelta(days=190)).isoformat()
REPORT = {"verdict": "proven", "findings": [], "certificates": [{"id": "one/edge", "host": NET, "not_after": END}]}


def declared(text: str = TEXT) -> Declaration:
    found = load_text(text, "stacks/prod.yaml").declaration
    assert found is not None
    return found


def deployed(*, is_valid: bool = True, phase: str = "live", is_assigned: bool = True) -> State:
    brand = resource("sendgrid:index:LinkBranding", f"{NET}/brand", outputs={"isValid": is_valid})
    assigned = [resource("sendgrid:index:LinkSubuser", "default/news")] if is_assigned else []
    return state(*at_aws(phase), brand, *assigned, links=said(phase))


def asked(of: State, report: dict[str, Any] = REPORT, text: str = TEXT) -> tuple[list[str], str]:
    declaration = declared(text)
    (found,) = requests(declaration, list(declaration.links.values()), of, report, NOW if report else None)
    return [what for _, what in found.missing], found.message


def test_the_message_names_account_subusers_links_and_their_proofs() -> None:
    missing, message = asked(deployed())
    assert missing == []
    for part in (
        "SSL click tracking",
        "user id 1234567",
        "news",
        NET,
        "CloudFront",
        END[:10],
        "do not validate them again",
    ):
        assert part in message


@pytest.mark.parametrize(
    ("of", "report", "text", "said_of_it"),
    [
        (deployed(), REPORT, TEXT.replace("phase: live", "phase: ready"), "declared ready"),
        (deployed(phase="ready"), REPORT, TEXT, "the last deployment left it ready"),
        (deployed(is_valid=False), REPORT, TEXT, "its brand was not valid"),
        (deployed(is_assigned=False), REPORT, TEXT, "subuser news does not have it yet"),
        (state(*at_aws("live"), links=said("live")), REPORT, TEXT, "its brand is not in the state"),
        (deployed(), {}, TEXT, "nothing was verified"),
        (deployed(), {**REPORT, "certificates": []}, TEXT, "no certificate was seen"),
        (deployed(), {**REPORT, "lagging": [{"id": "one/click"}]}, TEXT, "resolvers may still hold an older answer"),
        (deployed(), {**REPORT, "could_not_check": [{"id": "one/edge"}]}, TEXT, "could not be checked"),
        (
            deployed(),
            {
                **REPORT,
                "findings": [
                    {"id": "zone/x", "affects": ["one/edge"], "severity": "error", "rule": "tls.name", "why": "w"}
                ],
            },
            TEXT,
            "tls.name: w",
        ),
    ],
)
def test_while_a_proof_is_missing_it_is_named_and_nothing_is_written(
    of: State, report: dict[str, Any], text: str, said_of_it: str
) -> None:
    missing, message = asked(of, report, text)
    assert any(said_of_it in one for one in missing), missing
    assert message == ""


def test_what_concerns_another_link_is_no_obstacle() -> None:
    other = {"id": "two/edge", "affects": ["two/edge"], "severity": "error", "rule": "tls.name", "why": "w"}
    warning = {"id": "one/edge", "severity": "warning", "rule": "tls.soon", "why": "w"}
    assert asked(deployed(), {**REPORT, "findings": [other, warning]})[0] == []


def test_records_alone_are_asked_for_too_and_another_s_account_is_not() -> None:
    plain = TEXT.replace("manage: {assign: {news: one}}", "region: us")
    assert asked(state(*at_aws("live"), links=said("live")), text=plain)[0] == []
    external = plain.replace("region: us", "account: external")
    assert "somebody else runs the account" in asked(deployed(), text=external)[0][0]


def test_of_an_account_that_is_not_managed_nothing_is_claimed_that_was_not_seen() -> None:
    plain = TEXT.replace("{provider: sendgrid, manage: {assign: {news: one}}}", "{provider: sendgrid}")
    assert plain != TEXT
    declaration = declared(plain)
    (found,) = requests(declaration, list(declaration.links.values()), deployed(), REPORT, NOW)
    assert "assigned" not in found.message
    assert "validated before" not in found.message
    assert "do not validate them again" in found.message
    assert any("assigned" in one for one in found.to_check)
    (managed,) = requests(declared(), list(declared().links.values()), deployed(), REPORT, NOW)
    assert managed.to_check == ()
    assert "assigned, its CNAME" in managed.message
