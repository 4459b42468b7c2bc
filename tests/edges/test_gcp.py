"""Google Cloud's edge: its rules, and what a plan makes for senders of different needs."""

from __future__ import annotations

import pytest
from linkproof.declaration.load import load_text
from linkproof.declaration.model import Declaration
from linkproof.declaration.problem import Problem
from linkproof.edges.gcp import items, rules, state
from linkproof.edges.gcp.names import target
from linkproof.plan.build import build

HEAD = """version: 1
zones: {example.net: {dns: gcp, id: example-net}, example.com: {dns: manual}}
"""
LINKS = """edges: {google: {provider: gcp}}
links:
  grid: {sender: sendgrid, click_host: url1.example.net, owner_host: 1.example.net, edge: google, phase: live}
  more: {sender: sendgrid, click_host: url2.example.com, owner_host: 1.example.com, edge: google, phase: ready, families: [4, 6]}
  spark: {sender: sparkpost, click_host: click.example.net, edge: google, phase: ready}
"""


def problems(text: str) -> list[Problem]:
    return [one for one in load_text(HEAD + text, "t.yaml").problems if "gcp" in one.rule]


def declared(text: str) -> Declaration:
    loaded = load_text(HEAD + text, "t.yaml")
    assert loaded.declaration is not None, loaded.problems
    return loaded.declaration


def test_a_click_host_is_not_the_name_that_click_hosts_lead_to() -> None:
    host = target("default", "example.net")
    (problem,) = problems(
        f"edges: {{g: {{provider: gcp}}}}\n"
        f"links: {{a: {{sender: sendgrid, click_host: {host}, owner_host: 1.example.net, edge: g, phase: ready}}}}\n"
    )
    assert (problem.rule, problem.path) == ("edge.gcp-target", "links.a.click_host")


def test_two_accounts_have_two_names() -> None:
    (problem,) = problems("edges: {a: {provider: gcp, account: x_y}, b: {provider: gcp, account: x-y}}\nlinks: {}\n")
    assert (problem.rule, problem.path) == ("edge.gcp-target", "edges.b.account")
    assert problems("edges: {a: {provider: gcp, account: x}, b: {provider: gcp, account: y}}\nlinks: {}\n") == []


def test_a_url_map_is_counted_before_google_refuses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems(LINKS) == []
    monkeypatch.setattr(rules, "MOST_URL_MAP_OCTETS", 2000)
    (problem,) = problems(LINKS)
    assert (problem.rule, problem.path) == ("quota.gcp-url-map", "edges.google")


def test_links_share_a_load_balancer_and_a_sender_s_servers() -> None:
    plan = build(declared(LINKS))
    (url_map,) = [item for item in plan.objects if isinstance(item, items.UrlMap)]
    assert [(route.hosts, route.origin, route.host_rewrite, route.forwarded_host) for route in url_map.routes] == [
        (("click.example.net",), "spgo.io", "spgo.io", "click.example.net"),
        (("url1.example.net", "url2.example.com"), "sendgrid.net", "", ""),
    ]
    assert {route.removed_headers for route in url_map.routes} == {("Cookie",)}
    backends = [item for item in plan.objects if isinstance(item, items.Backend)]
    assert [(one.protocol, one.cdn, one.log, one.protect) for one in backends] == [
        ("HTTPS", False, False, True),
        ("HTTPS", False, False, False),
    ]


def test_ipv6_is_there_where_a_link_asks_for_it() -> None:
    plan = build(declared(LINKS))
    rules_of = [item.resource for item in plan.objects if isinstance(item, items.ForwardingRule)]
    assert rules_of == ["default/ipv4/443", "default/ipv4/80", "default/ipv6/443", "default/ipv6/80"]
    addresses = {(record.name, record.type) for record in plan.records if str(record.name).startswith("edge-gcp-")}
    assert addresses == {
        ("edge-gcp-default.example.net", "A"),
        ("edge-gcp-default.example.com", "A"),
        ("edge-gcp-default.example.com", "AAAA"),
    }


def test_every_type_that_is_planned_is_read_back() -> None:
    assert {
        item.engine_type for item in build(declared(LINKS)).objects if isinstance(item, items.GoogleObject)
    } == state.TYPES
