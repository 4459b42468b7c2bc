"""What SparkPost's links ask of their edges, and how the program makes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from linkproof.contract.items import Record
from linkproof.declaration.load import load_text
from linkproof.declaration.model import Declaration
from linkproof.declaration.past import compare
from linkproof.edges.cloudflare.items import Ruleset
from linkproof.edges.cloudfront.items import CachePolicy, Distribution, OriginRequestPolicy
from linkproof.plan.build import build
from linkproof.plan.model import Plan
from linkproof.plan.render import render
from linkproof.senders.sparkpost.items import TrackingDomain

from tests.managed import read
from tests.plan.declared import ZONES, of
from tests.program.recorded import run

HOST = "click.example.net"
ZONE_PHASES = ["http_config_settings", "http_request_cache_settings"]


def text(sender: str, edge: str = "aws", host: str = HOST, phase: str = "live") -> str:
    senders = f"senders:\n  mail: {{provider: {sender}}}\n"
    return (
        f"version: 1{ZONES}{senders}links:\n  one: {{sender: mail, click_host: {host}, edge: {edge}, phase: {phase}}}\n"
    )


def planned(sender: str, edge: str = "aws", host: str = HOST, phase: str = "live") -> Plan:
    return build(loaded(text(sender, edge, host, phase)))


@pytest.mark.parametrize(
    ("region", "target"),
    [
        ("us", "spgo.io"),
        ("eu", "eu.spgo.io"),
        ("enterprise, target: acme.et.e.sparkpost.com", "acme.et.e.sparkpost.com"),
    ],
)
def test_each_region_has_its_target_and_its_origin(region: str, target: str) -> None:
    plan = planned(f"sparkpost, region: {region}", phase="ready")
    (click,) = [one for one in plan.items if isinstance(one, Record) and one.id == "one/click"]
    assert click.value == f"{target}."
    assert [one.origin for one in of(plan, Distribution)] == [target]


@pytest.mark.parametrize(("region", "target"), [("us", "v2.spgo.io"), ("eu", "eu.v2.spgo.io")])
def test_https_of_its_own_has_an_endpoint_of_its_own_and_a_certificate_while_the_host_stands_there(
    region: str, target: str
) -> None:
    sender = f"sparkpost, region: {region}, manage: {{}}"
    for edge, phase, stands in (
        ("managed", "branded", True),
        ("managed", "secured", True),
        ("aws, own_https: {}", "ready", True),
        ("aws, own_https: {}", "secured", False),
        ("aws", "ready", False),
    ):
        declaration = loaded(text(sender, edge, phase=phase))
        plan = build(declaration)
        (click,) = [one for one in plan.items if isinstance(one, Record) and one.id == "one/click"]
        (tracking,) = of(plan, TrackingDomain)
        assert (click.value == f"{target}.", tracking.managed_target) == (stands, target if stands else "")
        assert tracking.secure is (phase == "secured")
        if stands:
            (need,) = [need for need in plan.caa if need.id == "one/sender-caa"]
            assert (need.cas, need.methods) == (("letsencrypt.org",), ("http-01",))
    declaration = loaded(text(sender, "managed", phase="branded"))
    said = render(declaration, build(declaration))
    assert "once SparkPost has the host's certificate" in said


def test_it_is_taken_up_and_given_up_in_branded_alone() -> None:
    for old, new, rules in (
        (("managed", "branded"), ("aws", "branded"), []),
        (("aws", "branded"), ("managed", "branded"), []),
        (("aws", "secured"), ("managed", "secured"), ["past.own-https"]),
        (("aws", "secured"), ("aws, own_https: {}", "secured"), ["past.own-https"]),
        (("managed", "secured"), ("aws", "ready"), ["past.own-https"]),
        (("managed", "secured"), ("aws, own_https: {}", "ready"), []),
    ):
        base, head = (loaded(text("sparkpost", edge, phase=phase)) for edge, phase in (old, new))
        assert [one.rule for one in compare(base, head)] == rules, (old, new)


def loaded(words: str) -> Declaration:
    found = load_text(words, "test.yaml").declaration
    assert found is not None
    return found


def test_its_distribution_says_the_click_host_by_a_header_and_keeps_answers_for_ten_seconds() -> None:
    declaration = read(text("sparkpost"))
    plan = build(declaration)
    (distribution,), (cache,), (request,) = of(plan, Distribution), of(plan, CachePolicy), of(plan, OriginRequestPolicy)
    assert distribution.origin_headers == (("X-Forwarded-Host", HOST),)
    assert (distribution.cache_policy, distribution.policy) == (cache.resource, request.resource)
    assert (cache.minimum_seconds, cache.seconds, cache.query_strings) == (1, 10, "all")
    assert (request.headers, request.query_strings) == (("User-Agent",), "all")
    assert {one.protect for one in (distribution, cache, request)} == {True}
    shown = render(declaration, plan)
    assert "10 s, errors never" in shown
    assert "(TLS 1.2, X-Forwarded-Host)" in shown


def test_an_account_of_its_own_needs_no_ruleset_for_the_header_and_cloudflare_keeps_nothing() -> None:
    plan = planned("sparkpost", "cf", "click.example.com")
    assert [one.ruleset_phase for one in of(plan, Ruleset)] == ZONE_PHASES
    assert ("cache", False) in of(plan, Ruleset)[1].rules[0].parameters


@pytest.mark.parametrize("sender", ["sendgrid", "ses, region: us-east-1", "sparkpost"])
def test_an_account_that_somebody_else_runs_is_told_the_host_by_every_edge(sender: str) -> None:
    """Braze's page on SSL asks for it at any CDN."""
    owner = ", owner_host: 1.example.{0}, " if sender == "sendgrid" else ", "
    by_edge = {}
    for edge, host in (("aws", HOST), ("cf", "click.example.com"), ("theirs", "click.example.com")):
        words = text(f"{sender}, account: external", edge, host).replace(", edge:", f"{owner}edge:")
        by_edge[edge] = build(read(words.replace("{0}", host[-3:])))
    (distribution,) = of(by_edge["aws"], Distribution)
    assert distribution.origin_headers == (("X-Forwarded-Host", HOST),)
    rulesets = of(by_edge["cf"], Ruleset)
    assert [one.ruleset_phase for one in rulesets] == [*ZONE_PHASES, "http_request_late_transform"]
    (rule,) = rulesets[2].rules
    assert (rule.action, rule.headers) == ("rewrite", (("X-Forwarded-Host", "http.host"),))
    assert rule.expression == 'http.host in {"click.example.com"}'
    assert "header X-Forwarded-Host: set to http.host" in "\n".join(of(by_edge["theirs"], Ruleset)[2].by_hand())


def test_links_of_both_kinds_of_account_share_the_policies_of_their_origin() -> None:
    words = text("sparkpost").replace("senders:\n", "senders:\n  braze: {provider: sparkpost, account: external}\n")
    plan = build(read(words + "  two: {sender: braze, click_host: c2.example.net, edge: aws, phase: ready}\n"))
    assert len(of(plan, Distribution)) == 2
    assert (len(of(plan, OriginRequestPolicy)), len(of(plan, CachePolicy))) == (1, 1)


def test_a_sender_that_wants_nothing_kept_has_no_policy_for_it(tmp_path: Path) -> None:
    file = tmp_path / "stack.yaml"
    for sender, has_policy in (("sparkpost", True), ("ses, region: us-east-1", False)):
        file.write_text(text(sender))
        recorded = run(file, accounts={"cdn": {}})
        made = {one.kind: one for one in recorded.resources}
        assert ("cache-policy" in made) is has_policy
        (origin,) = made["distribution"].inputs["origins"]
        assert ("customHeaders" in origin) is has_policy
        behavior = made["distribution"].inputs["defaultCacheBehavior"]
        if not has_policy:
            assert behavior["cachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
            continue
        policy = made["cache-policy"]
        assert behavior["cachePolicyId"] == f"id-of-{policy.name}"
        assert origin["customHeaders"] == [{"name": "X-Forwarded-Host", "value": HOST}]
        assert [policy.inputs[name] for name in ("minTtl", "defaultTtl", "maxTtl")] == [1, 10, 10]
        assert policy.inputs["comment"].startswith("linkproof ")


def test_the_header_is_set_by_a_rule_of_the_zone(tmp_path: Path) -> None:
    file = tmp_path / "stack.yaml"
    file.write_text(text("sparkpost, account: external", "cf", "click.example.com"))
    rulesets = [one for one in run(file, accounts={}).resources if one.kind == "ruleset"]
    (rule,) = next(one for one in rulesets if one.inputs["phase"] == "http_request_late_transform").inputs["rules"]
    assert rule["actionParameters"] == {
        "headers": {"X-Forwarded-Host": {"operation": "set", "expression": "http.host"}}
    }
