"""Quotas are counted: at the limit nothing is said, one above it is."""

from __future__ import annotations

import pytest
from linkproof import registry
from linkproof.declaration.load import load_text
from linkproof.declaration.problem import Problem
from linkproof.edges.cloudflare.plan import expressions
from linkproof.edges.cloudfront import rules


def _problems(
    links_by_edge: dict[str, int], *, provider: str = "cloudfront", phase: str = "live", name: str = "url{}"
) -> list[Problem]:
    lines = ["version: 1", "zones: {example.com: {dns: cloudflare, id: 023e105f4ecef8ad9ca31a8372d0c353}}", "edges:"]
    lines += [f"  {edge}: {{provider: {provider}}}" for edge in links_by_edge]
    lines += ["links:"]
    number = 0
    for edge, count in links_by_edge.items():
        for _ in range(count):
            number += 1
            host = f"{name.format(number)}.example.com"
            lines.append(
                f"  l{number}: {{sender: sendgrid, click_host: {host}, owner_host: 1.example.com, edge: {edge}, phase: {phase}}}"
            )
    return list(load_text("\n".join(lines), "t.yaml").problems)


def test_five_hundred_distributions_per_account() -> None:
    assert _problems({"aws": 500}) == []
    (problem,) = _problems({"aws": 250, "aws2": 251})
    assert (problem.rule, problem.path, problem.severity) == ("quota.cloudfront-distributions", "edges.aws", "error")
    assert "501" in problem.message


def test_a_branded_link_has_no_distribution_yet() -> None:
    assert _problems({"aws": 501}, phase="branded") == []


def test_twenty_policies_per_account() -> None:
    assert _problems({f"e{n}": 1 for n in range(20)}) == []
    (problem,) = _problems({f"e{n}": 1 for n in range(21)})
    assert problem.rule == "quota.cloudfront-policies"
    assert "21" in problem.message


def test_a_policy_serves_a_hundred_distributions() -> None:
    assert _problems({"e0": 100, **{f"e{n}": 1 for n in range(1, 20)}}) == []
    assert [p.rule for p in _problems({"e0": 101, **{f"e{n}": 1 for n in range(1, 20)}})] == [
        "quota.cloudfront-policies"
    ]


def _tenants(origins: int, links: int, phase: str = "live") -> list[str]:
    """As many tenants, spread over the origins of so many SES regions."""
    regions = [region for _, region in registry.sender("ses").plan.targets()][:origins]
    lines = ["version: 1", "zones: {example.com: {dns: cloudflare, id: 023e105f4ecef8ad9ca31a8372d0c353}}"]
    lines += ["edges: {aws: {provider: cloudfront, mode: tenant, certificates: {'*.example.com': ARN}}}", "links:"]
    lines += [
        f"  l{n}: {{sender: ses, region: {regions[n % origins]}, click_host: url{n}.example.com, edge: aws, phase: {phase}}}"
        for n in range(links)
    ]
    arn = "'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-0123456789ab'"
    text = "\n".join(lines).replace("ARN", arn)
    return [f"{problem.rule}: {problem.message}" for problem in load_text(text, "t.yaml").problems]


def test_tenants_are_no_distributions_and_their_origins_are_counted() -> None:
    assert _tenants(20, 501) == []
    assert _tenants(21, 501, phase="branded") == []
    (problem,) = [one for one in _tenants(21, 21) if "tenants" in one]
    assert problem.startswith("quota.cloudfront-tenants: account default needs 21 multi-tenant distributions")


def test_ten_thousand_tenants_per_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_TENANTS", 30)  # ten thousand links take a minute to read
    assert _tenants(1, 30) == []
    assert _tenants(1, 31) == ["quota.cloudfront-tenants: account default needs 31 tenants, CloudFront allows 30"]


def test_certificates_of_acm_are_counted_in_both_modes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_CERTIFICATES", 30)
    assert _tenants(1, 31) == [], "one of the user's own covers them all"
    for provider in ("cloudfront", "cloudfront, mode: tenant"):
        assert _problems({"aws": 30}, provider=provider) == []
        (problem,) = _problems({"aws": 31}, provider=provider)
        assert (problem.rule, problem.severity) == ("quota.cloudfront-certificates", "warning")


def test_ten_cloudflare_rules_on_the_free_plan() -> None:
    assert _problems({f"e{n}": 1 for n in range(10)}, provider="cloudflare") == []
    (problem,) = _problems({f"e{n}": 1 for n in range(11)}, provider="cloudflare")
    assert (problem.rule, problem.path, problem.severity) == ("quota.cloudflare-rules", "zones.example.com", "warning")
    assert "Pro" in problem.fix


def test_more_rules_than_any_plan_has_is_an_error() -> None:
    (problem,) = _problems({f"e{n}": 1 for n in range(301)}, provider="cloudflare")
    assert (problem.rule, problem.severity) == ("quota.cloudflare-rules", "error")


@pytest.mark.parametrize(("hosts", "rules"), [(0, 0), (1, 1), (145, 1), (146, 2), (290, 2), (291, 3)])
def test_a_host_set_is_split_at_four_kilobytes(hosts: int, rules: int) -> None:
    names = [f"{number:025d}" for number in range(hosts)]  # 28 bytes each in the expression, of 4096 - 15
    split = list(expressions(names))
    assert len(split) == rules
    assert all(len(expression) <= 4096 for expression in split)
    assert sum(expression.count('"') for expression in split) == 2 * hosts


def test_ten_domains_without_a_contract() -> None:
    assert _problems({"cdn": 10}, provider="fastly") == []
    assert _problems({"cdn": 11}, provider="fastly", phase="branded") == []
    (problem,) = _problems({"a": 5, "b": 6}, provider="fastly")
    assert (problem.rule, problem.path, problem.severity) == ("quota.fastly-domains", "edges.a", "warning")
    assert "11" in problem.message


def test_ten_zones_of_a_keycdn_account() -> None:
    assert _problems({"cdn": 10}, provider="keycdn, certificate: links") == []
    assert _problems({"cdn": 11}, provider="keycdn, certificate: links", phase="branded") == []
    (problem,) = _problems({"a": 5, "b": 6}, provider="keycdn, certificate: links")
    assert (problem.rule, problem.path, problem.severity) == ("quota.keycdn-zones", "edges.a", "warning")
    assert "11" in problem.message
