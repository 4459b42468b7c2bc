"""A second edge in the plan: what it has beside the first, and what changes when the two change places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import permutations

import pytest
import yaml
from linkproof import registry
from linkproof.contract.checks import CaaNeed, Endpoint
from linkproof.contract.declared import Edge
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.plan.build import build
from linkproof.plan.diff import diff_plans
from linkproof.plan.link import plan_links
from linkproof.plan.model import Plan
from linkproof.plan.render import render
from linkproof.plan.words import clicks

from tests.plan.declared import declared, link

HOST, NET = "url1.example.com", "url1.example.net"


def planned(edge: str, phase: str = "secured", host: str = HOST) -> Plan:
    return build(declared(link("a", host, phase, edge)))


def endpoints(plan: Plan) -> dict[str, Endpoint]:
    return {one.id: one for one in plan.endpoints}


def test_both_edges_are_made_and_the_click_host_leads_to_the_first_alone() -> None:
    plan = planned("aws, standby: cf")
    (click,) = [record for record in plan.records if record.id == "a/click"]
    assert (click.value, click.proxied) == (Late(HOST, "domain_name"), False)
    assert {item.kind for item in plan.objects} == {"certificate", "distribution", "origin-request policy", "ruleset"}
    (ruleset, *_) = [item for item in plan.objects if item.kind == "ruleset"]
    assert not ruleset.protect, "no click is led there"
    assert endpoints(plan)["a/edge"].edge == "cloudfront"
    assert [one.id for one in plan.pending] == ["a/standby"], "no edge exists for it before its record is proxied"


def test_the_standby_is_proved_at_its_own_name_and_is_none_that_clicks_are_led_to() -> None:
    plan = planned("cf, standby: aws")
    edge, standby = endpoints(plan)["a/edge"], endpoints(plan)["a/standby"]
    assert (edge.connect, edge.phase, edge.standby, edge.edge) == (None, "secured", False, "cloudflare")
    assert (standby.connect, standby.phase, standby.standby) == (Late(HOST, "domain_name"), "ready", True)
    assert (standby.edge, standby.http, standby.https) == ("cloudfront", "required", "required")
    assert not any(item.protect for item in plan.objects if item.kind in ("certificate", "distribution"))


def test_the_authorities_of_both_must_be_let() -> None:
    needs = {need.id: need.cas for need in planned("aws, standby: cf").caa}
    assert set(needs) == {"a/caa", "a/standby-caa"}
    assert "amazon.com" in needs["a/caa"]
    assert "letsencrypt.org" in needs["a/standby-caa"]


def test_changing_places_is_one_update_of_one_record() -> None:
    before, after = planned("aws, standby: cf"), planned("cf, standby: aws")
    changes = diff_plans(before, after)
    records = [change for change in changes if change.kind == "record"]
    assert [(one.step, one.what) for one in records if {name for name, *_ in one.fields} - {"protect"}] == [
        ("update", f"{HOST}/CNAME")
    ]
    assert not [one for one in changes if one.step != "update" and one.kind not in ("endpoint", "pending", "CAA need")]
    assert [*clicks(before, after)] == [
        f"{HOST}: clicks go to edge cf (cloudflare, account default) in place of edge aws (cloudfront, account cdn)"
    ]
    left = [*clicks(after, before)]
    assert "300 s, whatever `ttl_seconds` is declared" in left[1]


def test_no_phase_step_touches_the_standby() -> None:
    changes = diff_plans(planned("cf, standby: aws", "live"), planned("cf, standby: aws", "secured"))
    assert [str(change) for change in changes] == []


@pytest.mark.parametrize("phase", ["ready", "live", "secured"])
def test_it_exists_from_ready_on(phase: str) -> None:
    assert [one for one in planned("cf, standby: aws", phase).objects if one.kind == "distribution"]


def test_the_sender_s_own_as_a_standby_must_answer_by_both_schemes_with_its_certificate() -> None:
    plan = planned("aws, own_https, standby: managed", host=NET)
    standby = endpoints(plan)["a/standby"]
    assert (standby.connect, standby.edge) == ("click.sendgrid.net", "managed")
    assert (standby.http, standby.https, standby.standby) == ("required", "required", True)
    assert [need.id for need in plan.caa] == ["a/caa", "a/standby-caa"]
    (click,) = [record for record in plan.records if record.id == "a/click"]
    assert click.value == Late(NET, "domain_name")


def test_an_edge_beside_the_sender_s_own_is_made_while_the_click_host_stays() -> None:
    plan = planned("managed, standby: aws", host=NET)
    (click,) = [record for record in plan.records if record.id == "a/click"]
    assert click.value == "click.sendgrid.net."
    assert endpoints(plan)["a/standby"].connect == Late(NET, "domain_name")
    assert [one for one in plan.objects if one.kind == "distribution"]


def test_the_plan_says_it() -> None:
    declaration = declared(link("a", HOST, "secured", "cf, standby: aws"))
    said = render(declaration, build(declaration))
    assert "  standby      aws (cloudfront), kept ready; certificate: ACM RSA_2048" in said


EDGES = [edge.name for edge in registry.edges() if edge.is_complete and not edge.facts.NEEDS_NO_ENTRY]


@pytest.mark.parametrize(("one", "other"), list(permutations(EDGES, 2)))
def test_no_two_edges_have_an_object_or_an_expectation_of_the_same_name(one: str, other: str) -> None:
    """Every edge of the registry, with every other beside it: what they make of one host must stand side by side."""
    whole = declared(link("a", HOST, "secured", "aws, standby: cf"))
    edges = {key: registry_edge(key, name) for key, name in (("one", one), ("other", other))}
    both = replace(whole.links["a"], edge="one", standby="other")
    declaration = replace(whole, edges=edges, links={"a": both})
    (parts, _) = plan_links(declaration, [both])
    items, checks = parts["a"].items, parts["a"].checks
    names = [(item.engine_type, item.resource) for item in items]
    assert len(set(names)) == len(names)
    ids = [item.id for item in items if hasattr(item, "id")] + [check.id for check in checks]
    assert len(set(ids)) == len(ids)
    assert sum(isinstance(check, CaaNeed) for check in checks) <= 2
    made = [plan_links(declaration, [replace(both, edge=key, standby=None)])[0]["a"] for key in ("one", "other")]
    assert not late_of(made[0].items) & late_of(made[1].items), "what only a deployment knows is told apart by its name"


def late_of(items: Iterable[Item]) -> set[tuple[str, str]]:
    """Item and output of every late-bound name and value."""
    values = [value for item in items if isinstance(item, Record) for value in (item.name, item.value)]
    return {(value.item, value.output) for value in values if isinstance(value, Late)}


def registry_edge(key: str, provider: str) -> Edge:
    """An entry as the plug-in's own example has it."""
    plugin = registry.edge(provider)
    example = yaml.safe_load((plugin.folder / "example.yaml").read_text())
    entry = next(one for one in example["edges"].values() if one["provider"] == provider)
    if "name" in entry:
        entry["name"] = f"{key}.example.net"  # two servers have two names
    entry = {name: str(value).lower() if isinstance(value, bool) else value for name, value in entry.items()}
    return Edge(key, provider, options=plugin.options.model_validate(entry))
