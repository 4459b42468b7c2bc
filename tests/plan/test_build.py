"""What must exist in each phase, and what is shared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from linkproof.contract.items import Record
from linkproof.contract.values import Late
from linkproof.declaration.load import load_text
from linkproof.edges.cloudflare.items import Ruleset
from linkproof.edges.cloudfront.items import Certificate, Distribution, OriginRequestPolicy
from linkproof.plan.build import build
from linkproof.plan.by_hand import by_hand
from linkproof.plan.diff import diff_plans, next_phase
from linkproof.plan.model import Plan
from linkproof.plan.render import render

from tests.plan.declared import declared, link, of

HOST = "url1.example.net"


def record(plan: Plan, resource: str) -> Record:
    return next(r for r in plan.records if r.resource == resource)


@pytest.mark.parametrize("phase", ["branded", "ready"])
def test_before_live_the_click_host_points_at_the_sender_and_is_not_proxied(phase: str) -> None:
    for edge, host in (("aws", HOST), ("cf", "url1.example.com")):
        click = record(build(declared(link("a", host, phase, edge))), f"{host}/CNAME")
        assert (click.value, click.proxied) == ("sendgrid.net.", False)


@pytest.mark.parametrize("phase", ["live", "secured"])
def test_from_live_on_the_click_host_points_at_its_distribution(phase: str) -> None:
    click = record(build(declared(link("a", HOST, phase))), f"{HOST}/CNAME")
    assert click.value == Late(HOST, "domain_name")


@pytest.mark.parametrize("phase", ["live", "secured"])
def test_at_cloudflare_the_record_keeps_its_value_and_becomes_proxied(phase: str) -> None:
    plan = build(declared(link("a", "url1.example.com", phase, "cf")))
    click = record(plan, "url1.example.com/CNAME")
    assert (click.value, click.proxied) == ("sendgrid.net.", True)
    assert click.needs == tuple(ruleset.resource for ruleset in of(plan, Ruleset))


@pytest.mark.parametrize("phase", ["branded", "ready", "live", "secured"])
def test_the_owner_host_stays_at_the_sender_in_every_phase(phase: str) -> None:
    assert record(build(declared(link("a", HOST, phase))), "1234567.example.net/CNAME").value == "sendgrid.net."


def test_two_links_of_one_user_share_one_owner_record() -> None:
    plan = build(declared(link("a", HOST, "live"), link("b", "url2.example.net", "branded", None)))
    owners = [r for r in plan.records if r.resource == "1234567.example.net/CNAME"]
    assert len(owners) == 1


def test_europe_has_a_target_of_its_own_for_both_names_and_for_the_origin() -> None:
    plan = build(declared(link("a", HOST, "live", more=", region: eu")))
    assert record(plan, "1234567.example.net/CNAME").value == "eu.sendgrid.net."
    assert of(plan, Distribution)[0].origin == "eu.sendgrid.net"


def test_a_branded_link_has_no_edge_and_no_certificate() -> None:
    plan = build(declared(link("a", HOST, "branded")))
    assert (of(plan, Certificate), of(plan, Distribution), of(plan, Ruleset)) == ([], [], [])


def test_the_distribution_is_set_for_clicks() -> None:
    distribution = of(build(declared(link("a", HOST, "ready"))), Distribution)[0]
    policy = of(build(declared(link("a", HOST, "ready"))), OriginRequestPolicy)[0]
    assert distribution.origin == "sendgrid.net"
    assert distribution.origin_protocol == "https-only"
    assert distribution.viewer_protocol == "allow-all"
    assert distribution.cache_policy == ""
    assert distribution.error_statuses == (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
    assert "POST" in distribution.methods
    assert distribution.ipv6
    assert set(policy.headers) == {"Host", "User-Agent"}
    assert (policy.query_strings, policy.cookies) == ("all", "none")
    assert distribution.policy == policy.resource
    assert distribution.account == policy.account == "cdn"


def test_click_records_are_always_protected_and_edges_only_while_in_use() -> None:
    for phase, protect in (("ready", False), ("live", True), ("secured", True)):
        plan = build(declared(link("a", HOST, phase)))
        assert record(plan, f"{HOST}/CNAME").protect
        assert of(plan, Distribution)[0].protect is protect
        assert of(plan, Certificate)[0].protect is protect


def test_what_links_share_is_protected_while_one_of_them_is_in_use() -> None:
    for phases, protect in ((("ready", "branded"), False), (("branded", "live"), True), (("live", "ready"), True)):
        for edge, zone in (("aws", "example.net"), ("cf", "example.com")):
            links = [link(f"a{n}", f"url{n}.{zone}", phase, edge) for n, phase in enumerate(phases)]
            plan = build(declared(*links))
            assert record(plan, f"1234567.{zone}/CNAME").protect is protect, (phases, edge)
            assert {shared.protect for shared in (*of(plan, OriginRequestPolicy), *of(plan, Ruleset))} == {protect}, (
                phases,
                edge,
            )


def test_rules_of_somebody_else_are_not_ours_to_protect() -> None:
    plan = build(declared(link("a", "url1.example.com", "live", "theirs")))
    assert {ruleset.protect for ruleset in of(plan, Ruleset)} == {False}


def test_a_ready_edge_is_probed_before_dns_moves_and_the_sender_still_answers() -> None:
    plan = build(declared(link("a", HOST, "ready")))
    by_id = {endpoint.id: endpoint for endpoint in plan.endpoints}
    assert by_id["a/edge"].connect == Late(HOST, "domain_name")
    assert by_id["a/sender"].connect is None
    assert by_id["a/sender"].https == "off"


def test_a_live_edge_is_found_through_dns() -> None:
    plan = build(declared(link("a", HOST, "live")))
    assert [(endpoint.id, endpoint.connect) for endpoint in plan.endpoints] == [("a/edge", None)]


def test_a_ready_link_at_cloudflare_says_what_it_cannot_probe() -> None:
    plan = build(declared(link("a", "url1.example.com", "ready", "cf")))
    assert [pending.id for pending in plan.pending] == ["a/edge"]
    assert "until its record is proxied" in plan.pending[0].reason
    assert of(plan, Ruleset)


def test_one_ruleset_per_zone_and_ruleset_phase_holds_every_host_of_its_edges() -> None:
    plan = build(declared(link("a", "url1.example.com", "live", "cf"), link("b", "url2.example.com", "ready", "cf")))
    assert [ruleset.resource for ruleset in of(plan, Ruleset)] == [
        "example.com/http_config_settings",
        "example.com/http_request_cache_settings",
    ]
    for ruleset in of(plan, Ruleset):
        assert [rule.expression for rule in ruleset.rules] == ['http.host in {"url1.example.com" "url2.example.com"}']
    assert dict(of(plan, Ruleset)[0].rules[0].parameters) == {"bic": False, "email_obfuscation": False, "ssl": "full"}
    assert dict(of(plan, Ruleset)[1].rules[0].parameters) == {"cache": False}


def test_rules_are_split_before_an_expression_reaches_4_kb() -> None:
    links = [link(f"l{n}", f"url{n}.example.com", "live", "cf") for n in range(400)]
    rules = of(build(declared(*links)), Ruleset)[0].rules
    assert len(rules) > 1
    assert all(len(rule.expression) <= 4096 for rule in rules)
    assert sum(rule.expression.count('"') // 2 for rule in rules) == 400
    assert len({rule.ref for rule in rules}) == len(rules)


def test_rulesets_of_somebody_else_are_planned_but_not_ours() -> None:
    plan = build(declared(link("a", "url1.example.com", "live", "theirs")))
    assert [ruleset.ours for ruleset in of(plan, Ruleset)] == [False, False]


def test_a_policy_serves_at_most_a_hundred_distributions() -> None:
    links = [link(f"l{n}", f"url{n}.example.net", "ready") for n in range(250)]
    plan = build(declared(*links))
    sizes = [
        sum(d.policy == policy.resource for d in of(plan, Distribution)) for policy in of(plan, OriginRequestPolicy)
    ]
    assert sizes == [100, 100, 50]


def test_renaming_a_key_renames_nothing_in_the_cloud() -> None:
    before, after = build(declared(link("a", HOST, "live"))), build(declared(link("renamed", HOST, "live")))
    assert [(item.kind, item.resource) for item in before.items] == [(item.kind, item.resource) for item in after.items]


def test_a_tracking_host_is_one_dns_only_record_proved_by_tls_alone() -> None:
    plan = build(declared(hosts="karte: {provider: karte, host: t.example.com}"))
    assert [(r.resource, r.value, r.proxied) for r in plan.records] == [
        ("t.example.com/CNAME", "cname.karte.io.", False)
    ]
    assert [(e.http, e.https) for e in plan.endpoints] == [("off", "required")]


def test_a_manual_zone_is_planned_like_any_other() -> None:
    plan = build(declared(link("a", "url1.example.org", "branded", None)))
    assert plan.zone("example.org").dns == "manual"
    assert record(plan, "url1.example.org/CNAME").value == "sendgrid.net."


def test_the_same_declaration_gives_the_same_plan() -> None:
    links = [link("a", HOST, "live"), link("b", "url1.example.com", "live", "cf")]
    assert build(declared(*links)) == build(declared(*links))


def test_hsts_is_looked_for_at_every_name_above_the_host_in_every_phase() -> None:
    """A policy of the registrable domain, or of a host between, reaches the click host whatever zone holds it."""
    text = """
version: 1
zones:
  mail.example.net: {dns: route53, id: Z0EXAMPLE0NET}
edges:
  aws: {provider: cloudfront}
links:
  a: {sender: sendgrid, click_host: url1.www.mail.example.net, owner_host: 1.mail.example.net, edge: aws, phase: ready}
"""
    loaded = load_text(text, "test.yaml")
    assert loaded.declaration is not None
    found = {endpoint.id: endpoint.hsts_parents for endpoint in build(loaded.declaration).endpoints}
    wanted = ("www.mail.example.net", "mail.example.net", "example.net")
    assert found == {"a/edge": wanted, "a/sender": wanted}


def test_a_family_that_is_asked_for_is_asked_of_the_edge_and_of_the_name_that_leads_there() -> None:
    both = ", families: [4, 6]"
    for phase, record_families in (("ready", (4,)), ("live", (4, 6))):
        plan = build(declared(link("a", HOST, phase, more=both)))
        by_id = {endpoint.id: endpoint.families for endpoint in plan.endpoints}
        assert by_id["a/edge"] == (4, 6)
        assert record(plan, f"{HOST}/CNAME").families == record_families
        assert {e.families for e in build(declared(link("a", HOST, phase))).endpoints} == {(4,)}


def test_every_item_of_ours_says_the_engine_s_type_and_whose_account_makes_it() -> None:
    plan = build(declared(link("a", HOST, "live"), link("b", "url1.example.org", "branded", None)))
    made = {(item.kind, item.engine_type, item.account) for item in plan.items if item.is_ours}
    assert ("record", "aws:route53/record:Record", "default") in made
    assert ("distribution", "aws:cloudfront/distribution:Distribution", "cdn") in made
    by_hand = [item for item in plan.records if item.zone == "example.org"]
    assert by_hand
    assert not any(item.is_ours or item.engine_type for item in by_hand)


def test_a_nonce_is_published_beside_each_click_host_and_asked_of_every_endpoint_of_its_link() -> None:
    plain = declared(link("a", HOST, "ready"), link("b", "url1.example.org", "branded", None))
    plan = build(replace(plain, nonce="acme-prod-7f3a"))
    made = {r.resource: (r.value, r.zone, r.protect) for r in plan.records if r.type == "TXT"}
    assert made == {
        f"_linkproof.{HOST}/TXT": ('"acme-prod-7f3a"', "example.net", False),
        "_linkproof.url1.example.org/TXT": ('"acme-prod-7f3a"', "example.org", False),
    }
    assert {endpoint.id: endpoint.nonce for endpoint in plan.endpoints} == dict.fromkeys(
        ("a/edge", "a/sender", "b/sender"), "acme-prod-7f3a"
    )
    assert any(line == '_linkproof.url1.example.org. 300 IN TXT "acme-prod-7f3a"' for line in map(str, by_hand(plan)))
    assert not any(r.type == "TXT" for r in build(plain).records)


def test_a_host_that_leaves_no_room_for_the_nonce_has_none_and_is_not_asked_for_one() -> None:
    room = 253 - len("_linkproof.")
    for size, has in ((room, True), (room + 1, False)):
        head = ".".join(["a" * 60] * 3)
        host = f"{head}.{'b' * (size - len(head) - len('..example.net'))}.example.net"
        plan = build(replace(declared(link("a", host, "branded", None)), nonce="acme-prod-7f3a"))
        assert (any(r.type == "TXT" for r in plan.records), plan.endpoints[0].nonce is not None) == (has, has)


def test_an_alias_is_a_record_for_each_family_and_one_expectation_of_the_name() -> None:
    plan = build(declared(link("a", HOST, "live", more=", record: alias, families: [4, 6]")))
    for resource, rtype in ((f"{HOST}/CNAME", "CNAME"), (f"{HOST}/AAAA", "AAAA")):
        found = record(plan, resource)
        assert (found.type, found.value, found.served) == (rtype, Late(HOST, "domain_name"), "alias")
        assert found.alias is not None
        assert found.alias.zone_id == "Z2FDTNDATAQYW2"
    alone = build(declared(link("a", HOST, "live", more=", record: alias")))
    assert [r.resource for r in alone.records if r.alias] == [f"{HOST}/CNAME"]


def test_an_alias_becomes_a_cname_before_any_phase() -> None:
    declaration = declared(link("a", HOST, "live", more=", record: alias"))
    assert next_phase(declaration.links["a"], declaration) is None
    shown = render(declaration, build(declaration))
    assert f"{HOST}. ALIAS" in shown
    assert "remove `record: alias`" in shown
    (changed,) = diff_plans(build(declaration), build(declared(link("a", HOST, "live"))))
    assert changed.clauses == ("is a CNAME in place of its target's addresses",)


@pytest.mark.parametrize("state", ["verifying", "preparing"])
def test_a_tracking_host_that_is_not_in_use_has_no_record_and_is_looked_for_at_the_service(state: str) -> None:
    plan = build(declared(hosts=f"karte: {{provider: karte, host: t.example.com, state: {state}}}"))
    assert plan.items == ()
    (endpoint,) = plan.endpoints
    assert (endpoint.host, endpoint.connect, endpoint.https) == ("t.example.com", "cname.karte.io", "awaited")
    assert (plan.hosts[0].state, plan.hosts[0].is_published) == (state, False)
