"""What people must publish, with the values that a deployment has made known."""

from __future__ import annotations

import json

from linkproof.contract.values import Late
from linkproof.plan.build import build
from linkproof.plan.by_hand import by_hand
from linkproof.plan.render import render, to_json

from tests.plan.declared import declared, link

ORG = "url1.example.org"
KNOWN = {"domain_name": "d1.cloudfront.net.", "validation_name": "_a.url1.example.org.", "validation_value": "_b.acm-validations.aws."}  # fmt: skip


def known(late: Late) -> str:
    return KNOWN[late.output]


def test_in_live_the_click_record_has_the_distributions_domain_once_that_is_known() -> None:
    declaration = declared(link("a", ORG, "live"))
    plan = build(declaration)
    lines = [str(record) for record in by_hand(plan, known)]
    assert f"{ORG}. 300 IN CNAME d1.cloudfront.net." in lines
    assert "_a.url1.example.org. 300 IN CNAME _b.acm-validations.aws." in lines
    assert all(line in render(declaration, plan, known) for line in lines)
    assert {one["value"] for one in to_json(declaration, plan, known)["by_hand"]} >= {"d1.cloudfront.net."}


def test_before_a_deployment_what_is_missing_is_named_and_no_value_is_made_up() -> None:
    declaration = declared(link("a", ORG, "live"))
    records = by_hand(build(declaration))
    assert {record.missing for record in records} == {
        "",
        "the domain of distribution url1.example.org",
        "the validation name of certificate url1.example.org",
    }
    assert all(record.name.endswith((".", ">")) for record in records)
    json.dumps(to_json(declaration, build(declaration)))


def test_zones_that_a_deployment_writes_ask_nobody() -> None:
    assert by_hand(build(declared(link("a", "url1.example.net", "live"))), known) == ()
