"""A server of one's own in a declaration: what is refused, what is planned, and which steps the guard lets pass."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from linkproof import registry
from linkproof.contract.declared import PHASES
from linkproof.declaration.load import load_text
from linkproof.engine.guard.asking import Answer
from linkproof.expectations.derive import derive
from linkproof.plan.build import build
from linkproof.servers.items import SERVER_HOST
from linkproof.servers.versions import parsed, refusal

from tests.engine_state.deployed import (
    JUST_AFTER,
    NET,
    NOW,
    T0,
    T1,
    at_aws,
    judge,
    judge_asking,
    remembered,
    resource,
    route53,
    said,
    state,
)
from tests.servers.declared import declared, problems, text

SERVERS = [plugin.name for plugin in registry.edges() if plugin.server is not None]
BOTH = '[192.0.2.10, "2001:db8::10"]'


# rules --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("edge", "rule", "path"),
    [
        ({"version": "debian-11"}, "edge.haproxy-version", "edges.own.version"),
        ({"version": '"2.4.1"'}, "edge.haproxy-version", "edges.own.version"),
        ({"provider": "nginx", "version": "debian-12"}, "edge.nginx-files", "edges.own"),
        ({"key": '"/k/{host}.pem"'}, "edge.haproxy-files", "edges.own.key"),
        ({"challenge": "/var/www"}, "edge.haproxy-files", "edges.own.challenge"),
        ({"certificate": "/etc/one.pem"}, "edge.haproxy-files", "edges.own.certificate"),
        ({"name": "url1.example.net"}, "edge.haproxy-name", "edges.own.name"),
        ({"name": "edge.example.org", "addresses": "[192.0.2.1]"}, "edge.haproxy-name", "edges.own.name"),
        ({"addresses": '["2001:db8::10"]'}, "edge.haproxy-name", "edges.own.addresses"),
        ({"addresses": "[192.0.2.1, 192.0.2.2]"}, "edge.haproxy-name", "edges.own.addresses"),
    ],
)
def test_what_cannot_work_is_refused_with_its_place(edge: dict[str, Any], rule: str, path: str) -> None:
    ((found, where),) = {(one.rule, one.path) for one in problems(**edge)}
    assert (found, where) == (rule, path)


def test_what_would_end_a_word_in_a_configuration_is_refused() -> None:
    for edge in (
        {"certificate": '"/etc/{host}.pem; }"'},
        {"challenge": '"/var/www acme"'},
        {"resolvers": '["127.0.0.1;"]'},
        {"name": '"edge.example.net;"'},
        {"authorities": '["letsencrypt.org;"]'},
    ):
        assert {one.path.split(".")[2] for one in problems(**edge)} == {*edge}


def test_the_entry_says_which_authorities_must_be_allowed() -> None:
    forbids = text().replace(
        "id: Z0EXAMPLE0NET", "id: Z0EXAMPLE0NET, caa: [{flags: 0, tag: issue, value: sectigo.com}]"
    )
    assert [one.rule for one in load_text(forbids, "test.yaml").problems] == ["edge.caa"]
    allows = forbids.replace("name: edge.example.net", "name: edge.example.net, authorities: [sectigo.com]")
    assert list(load_text(allows, "test.yaml").problems) == []


@pytest.mark.parametrize("name", SERVERS)
def test_every_packaged_version_is_one_that_can_be_used(name: str) -> None:
    server = registry.edge(name).server
    assert server is not None
    facts = server.FACTS
    assert "newest" in facts.PACKAGED
    assert [refusal(parsed(number), facts) for number in facts.PACKAGED.values()] == [""] * len(facts.PACKAGED)
    for refused in facts.REFUSED:
        assert refusal(refused.first, facts) == refusal(refused.last, facts) == refused.because


# plan ---------------------------------------------------------------------------------------------
def test_each_step_is_one_change_of_the_click_record_and_of_nothing_else_that_a_click_meets() -> None:
    seen = {}
    for phase in PHASES:
        records = build(declared(phase, addresses=BOTH)).records
        seen[phase] = {record.resource: (record.type, record.value) for record in records}
        server = {key: value for key, value in seen[phase].items() if key.startswith("edge.")}
        assert server == (
            {}
            if phase == "branded"
            else {"edge.example.net/A": ("A", "192.0.2.10"), "edge.example.net/AAAA": ("AAAA", "2001:db8::10")}
        )
    clicks = [seen[phase]["url1.example.net/CNAME"] for phase in PHASES]
    assert clicks == [("CNAME", "sendgrid.net.")] * 2 + [("CNAME", "edge.example.net.")] * 2


def test_a_ready_link_is_probed_at_the_server_and_a_live_one_at_its_own_name() -> None:
    def connects(phase: str) -> dict[str, Any]:
        document = derive(build(declared(phase)), lambda late: None)
        return {one["id"]: one["connect"] for one in document["endpoints"]}

    assert connects("ready") == {"one/edge": "edge.example.net.", "one/sender": None}
    assert connects("live") == {"one/edge": None}


def test_what_the_links_of_a_server_share_is_made_once_and_protected_by_one_in_use() -> None:
    two = text("ready", addresses=BOTH) + (
        "  two: {sender: ses, click_host: r.example.net, edge: own, phase: live}\n"
        "senders:\n  ses: {provider: ses, region: eu-west-1}\n"
    )
    loaded = load_text(two, "test.yaml")
    assert loaded.declaration is not None, loaded.problems
    found = [record for record in build(loaded.declaration).records if record.resource == "edge.example.net/A"]
    assert [(record.zone, record.protect) for record in found] == [("example.net", True)]


# guard --------------------------------------------------------------------------------------------
def at_own(phase: str, **record: Any) -> list[dict[str, Any]]:
    """What a deployment in this phase has left."""
    leads = "edge.example.net" if phase in ("live", "secured") else "sendgrid.net"
    host = resource(
        SERVER_HOST, f"{NET}/haproxy", provider="default",
        inputs={"server": "haproxy", "name": "edge.example.net.", "origin": "sendgrid.net"},
    )  # fmt: skip
    return [route53(NET, leads, **record), *([] if phase == "branded" else [host])]


@pytest.mark.parametrize(("before", "after"), list(product(PHASES, PHASES)))
def test_single_steps_are_allowed_and_skipped_ones_refused(before: str, after: str) -> None:
    deployed = state(*at_own(before), links=said(before, NET, "own", "haproxy"))
    is_step = abs(PHASES.index(before) - PHASES.index(after)) <= 1
    assert [one.rule for one in judge(declared(after), deployed, NOW)] == ([] if is_step else ["phase.skipped"])


def test_a_host_leaves_the_server_when_no_resolver_can_lead_there() -> None:
    past = remembered((declared("live"), T0, T0), (declared("ready"), T1, T1))
    deployed = state(*at_own("ready", modified=T1), *past, links=said("ready", NET, "own", "haproxy"))
    rules = [one.rule for one in judge(declared("branded"), deployed, JUST_AFTER)]
    assert rules == ["phase.edge-still-in-use", "phase.edge-draining"]
    assert [one.rule for one in judge(declared("branded"), deployed, NOW)] == ["phase.edge-draining"]
    assert judge(declared("branded"), deployed, NOW + timedelta(days=8)) == []
    asked = []

    def ask(questions: Any) -> dict[str, Answer]:
        asked.extend(questions)
        return {one.host: Answer("at-edge", "ns1 gives it") for one in questions}

    (refusal,) = judge_asking(declared("branded"), deployed, NOW, ask)
    assert refusal.rule == "phase.edge-still-served"
    assert [(one.host, one.edge, one.names) for one in asked] == [(NET, "haproxy", {"edge.example.net."})]


def test_a_server_is_not_exchanged_for_another_edge_in_use_nor_the_other_way_round() -> None:
    other = declared("live", provider="nginx", resolvers="[192.0.2.53]")
    deployed = state(*at_own("live"), links=said("live", NET, "own", "haproxy"))
    assert [one.rule for one in judge(other, deployed, NOW)] == ["phase.edge-changed"]
    cloudfront = state(*at_aws("live"), links=said("live"))
    assert [one.rule for one in judge(declared("live"), cloudfront, NOW)] == ["phase.edge-changed"]
    # got ready in place of another, while the click host is at the sender
    ready = state(*at_aws("ready"), links=said("ready"))
    assert [one.rule for one in judge(declared("ready"), ready, NOW)] == []
