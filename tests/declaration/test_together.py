"""What each declaration may say alone, and not all of them together: each rule with the nearest pair that is good."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from linkproof.declaration.load import load_text
from linkproof.declaration.model import Declaration
from linkproof.declaration.problem import Problem
from linkproof.declaration.rules import RULES
from linkproof.declaration.rules.together import TOGETHER
from linkproof.declaration.together import judge_together

ZONES = """\
version: 1
zones:
  example.com: {dns: cloudflare, id: 023e105f4ecef8ad9ca31a8372d0c353}
  example.net: {dns: route53, id: Z0EXAMPLE1}
  example.org: {dns: manual}
  example.cloud: {dns: gcp, id: example-cloud}
"""


def _declared(name: str, links: str, edges: str = "", head: str = ZONES, hosts: str = "") -> Declaration:
    text = head + (f"edges:\n{edges}" if edges else "") + f"links:\n{links}"
    loaded = load_text(text + (f"tracking_hosts:\n{hosts}" if hosts else ""), name)
    assert loaded.declaration is not None, loaded.problems
    return loaded.declaration


def _link(key: str, host: str, owner: str = "", phase: str = "branded", edge: str = "") -> str:
    domain = host.partition(".")[2]
    more = f", edge: {edge}" if edge else ""
    return f"  {key}: {{sender: sendgrid, click_host: {host}, owner_host: {owner or f'1.{domain}'}, phase: {phase}{more}}}\n"


def _judged(*declarations: Declaration, accounts: Sequence[object] = ()) -> list[Problem]:
    return judge_together([(one, accounts[n] if accounts else None) for n, one in enumerate(declarations)])


def _rules(problems: Sequence[Problem]) -> list[tuple[str, str, str, str]]:
    return [(one.rule, str(one.place), one.path, one.severity) for one in problems]


def test_a_click_host_of_two_stacks_is_told_in_the_later_one_with_the_place_in_the_first() -> None:
    first = _declared("stacks/a.yaml", _link("x", "url1.example.net"))
    second = _declared("stacks/b.yaml", _link("y", "url1.example.net", owner="2.example.net"))
    (problem,) = _judged(first, second)
    assert (problem.rule, problem.path) == ("stacks.host-twice", "links.y.click_host")
    assert problem.place.file == "stacks/b.yaml"
    assert "stacks/a.yaml:8:" in problem.message
    assert "linkproof move" in problem.fix
    assert _judged(first, _declared("stacks/b.yaml", _link("y", "url2.example.net", owner="2.example.net"))) == []


def test_the_lab_and_the_world_outside_share_no_host() -> None:
    link = _link("x", "url1.example.net")
    assert _judged(_declared("a", link), _declared("b", link, head=f"lab: true\n{ZONES}")) == []


def test_an_owner_host_is_shared_only_where_people_write_it() -> None:
    written = [_declared(name, _link(name, f"url{name}.example.net")) for name in ("a", "b")]
    assert [(one.rule, one.path) for one in _judged(*written)] == [("stacks.host-twice", "links.b.owner_host")]
    by_hand = [_declared(name, _link(name, f"url{name}.example.org")) for name in ("a", "b")]
    assert _judged(*by_hand) == []


def test_a_tracking_host_and_a_click_host_are_no_less_one_name() -> None:
    first = _declared("a", _link("x", "t.example.net"))
    second = _declared(
        "b",
        _link("y", "url2.example.net", owner="2.example.net"),
        hosts="  k: {provider: karte, host: t.example.net}\n",
    )
    assert [(one.rule, one.path) for one in _judged(first, second)] == [("stacks.host-twice", "tracking_hosts.k.host")]


def _proxied(name: str, phase: str = "ready", rulesets: str = "ours") -> Declaration:
    link = _link(name, f"url{name}.example.com", owner=f"{ord(name)}.example.com", phase=phase, edge="cf")
    return _declared(name, link, f"  cf: {{provider: cloudflare, rulesets: {rulesets}}}\n")


def test_one_zone_has_one_owner_of_its_rulesets() -> None:
    (problem,) = _judged(
        _proxied("a"), _proxied("b"), _proxied("c", rulesets="external"), _proxied("d", phase="branded")
    )
    assert (problem.rule, problem.path, problem.place.file) == ("stacks.rulesets-twice", "edges.cf", "b")
    assert "edges.cf (a:" in problem.message


def test_a_load_balancers_name_leads_to_one_stacks_alone() -> None:
    edges = "  lb: {provider: gcp, account: ACCOUNT}\n"
    parts = [
        _declared(
            name,
            _link(name, f"url{name}.example.cloud", f"{ord(name)}.example.cloud", "ready", "lb"),
            edges.replace("ACCOUNT", account),
        )
        for name, account in (("a", "one"), ("b", "one"), ("c", "two"))
    ]
    assert [(one.rule, one.path, one.place.file) for one in _judged(*parts)] == [
        ("stacks.gcp-target-twice", "edges.lb", "b")
    ]


def _many(name: str, count: int, provider: str = "cloudfront", account: str = "web") -> Declaration:
    links = "".join(
        _link(f"l{n}", f"{name}{n}.example.net", f"{ord(name)}.example.net", "ready", "e") for n in range(count)
    )
    more = ", certificate: yours" if provider == "keycdn" else ""
    return _declared(name, links, f"  e: {{provider: {provider}, account: {account}{more}}}\n")


def _aws(**profiles: str) -> dict[str, object]:
    return {name: {"aws": {"profile": profile}} for name, profile in profiles.items()}


def test_an_account_of_two_stacks_has_one_quota() -> None:
    parts = _many("a", 300), _many("b", 250)
    (problem,) = _judged(*parts, accounts=[_aws(web="p"), _aws(web="p")])
    assert (problem.rule, problem.path, problem.severity) == ("quota.cloudfront-distributions", "edges.e", "error")
    assert "needs 550 distributions" in problem.message
    assert "edges.e (b:" in problem.message
    assert problem.place.file == "a"
    assert _judged(_many("a", 300), _many("b", 200), accounts=[_aws(web="p"), _aws(web="p")]) == []


def test_an_account_is_known_by_what_the_configs_say_of_it_and_else_by_its_name_with_a_doubt() -> None:
    parts = _many("a", 300), _many("b", 250)
    assert _judged(*parts, accounts=[_aws(web="p"), _aws(web="q")]) == []
    other = _many("b", 250, account="cdn")
    (problem,) = _judged(parts[0], other, accounts=[_aws(web="p"), _aws(cdn="p")])
    assert problem.severity == "error"
    assert _judged(parts[0], other) == []
    (problem,) = _judged(*parts)
    assert (problem.severity, "if that is the same account" in problem.message) == ("warning", True)


def test_what_one_declaration_warns_of_alone_is_told_of_it_alone() -> None:
    declarations = _many("a", 11, "keycdn"), _many("b", 11, "keycdn")
    assert _judged(*declarations) == []


@pytest.mark.parametrize(("provider", "rule"), [("fastly", "quota.fastly-domains"), ("keycdn", "quota.keycdn-zones")])
def test_quotas_of_other_vendors_are_counted_together_too(provider: str, rule: str) -> None:
    assert _rules(_judged(_many("a", 6, provider), _many("b", 5, provider)))[0][::3] == (rule, "warning")
    assert _judged(_many("a", 5, provider), _many("b", 5, provider)) == []


def test_policies_and_origins_of_two_stacks_are_not_one() -> None:
    """Eleven edges of one link each need eleven policies in each stack, though the edges have the same keys."""
    parts = []
    for name in ("a", "b"):
        links = "".join(
            _link(f"l{n}", f"{name}{n}.example.net", f"{ord(name)}.example.net", "ready", f"e{n}") for n in range(11)
        )
        edges = "".join(f"  e{n}: {{provider: cloudfront, account: web}}\n" for n in range(11))
        parts.append(_declared(name, links, edges))
    (problem,) = _judged(*parts)
    assert (problem.rule, "needs 22" in problem.message) == ("quota.cloudfront-policies", True)


def test_every_rule_over_several_declarations_can_be_explained() -> None:
    assert set(TOGETHER) <= set(RULES)
    assert {rule for rule in TOGETHER if rule.startswith("stacks.")} == {
        rule for rule in RULES if rule.startswith("stacks.")
    }
