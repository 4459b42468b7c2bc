"""A server of one's own keeps its name while clicks are led to it."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.declaration.model import Declaration
from linkproof.engine.guard.asking import Answer
from linkproof.servers.guard import RULE
from linkproof.servers.items import SERVER_HOST

from tests.engine_state.deployed import (
    JUST_AFTER,
    NET,
    NOW,
    T0,
    T1,
    declared,
    judge,
    judge_asking,
    link,
    remembered,
    resource,
    route53,
    said,
    state,
)

OLD, NEW = "edge.example.net", "edge2.example.net"
SENDER = "sendgrid.net."


def edges(name: str, key: str = "own", server: str = "nginx") -> str:
    own = f"{{provider: {server}, version: newest, name: {name}, resolvers: [192.0.2.53]}}"
    return f"edges:\n  {key}: {own}\n  aws: {{provider: cloudfront}}\n"


def held(server: str = "nginx", **outputs: str) -> dict[str, Any]:
    kept = {"server": server, "name": f"{OLD}.", "origin": "sendgrid.net"}
    return resource(SERVER_HOST, f"{NET}/{server}", provider="linkproof-default", inputs=kept, outputs=kept | outputs)


def refused(phase: str, name: str, *, leads_to: str, server: str = "nginx", key: str = "own") -> list[str]:
    """The rules by which a deployed link is refused with this name of its server."""
    before = state(held(server), route53(NET, leads_to), links=said(phase, edge="own", provider=server))
    return [one.rule for one in judge(declared(link(phase, edge=key), edges=edges(name, key, server)), before, NOW)]


@pytest.mark.parametrize("server", ["nginx", "haproxy", "caddy", "apache", "traefik", "envoy"])
@pytest.mark.parametrize("phase", ["live", "secured"])
def test_another_name_is_refused_in_use(server: str, phase: str) -> None:
    assert refused(phase, NEW, leads_to=f"{OLD}.", server=server) == [RULE]
    assert refused(phase, OLD, leads_to=f"{OLD}.", server=server) == []


def test_another_entry_of_the_same_program_is_another_name() -> None:
    assert refused("live", NEW, leads_to=f"{OLD}.", key="other") == [RULE]


def test_it_changes_where_clicks_are_led_to_the_sender() -> None:
    assert refused("ready", NEW, leads_to=SENDER) == []
    assert refused("ready", NEW, leads_to=f"{OLD}.") != [], (
        "the outputs say ready, and the record leads there all the same"
    )


def test_after_a_step_back_it_changes_only_once_the_last_answer_has_died() -> None:
    def stood(phase: str, name: str) -> Declaration:
        return declared(link(phase, edge="own"), edges=edges(name).replace("resolvers", "drain: 0s, resolvers"))

    past = remembered((stood("live", OLD), T0, T0), (stood("ready", OLD), T1, T1))
    before = state(held(), route53(NET, SENDER, modified=T1), *past, links=said("ready", edge="own", provider="nginx"))
    (refusal,) = judge(stood("ready", NEW), before, JUST_AFTER)
    assert (refusal.rule, refusal.host) == ("phase.edge-still-in-use", NET)
    assert refusal.until is not None
    assert judge(stood("ready", NEW), before, refusal.until) == []
    assert judge(stood("ready", OLD), before, JUST_AFTER) == []


def test_in_use_it_is_refused_once() -> None:
    before = state(held(), route53(NET, f"{OLD}."), links=said("live", edge="own", provider="nginx"))
    wanted = declared(link("live", edge="own"), edges=edges(NEW))
    found = judge_asking(
        wanted, before, NOW, lambda asked: {one.host: Answer("at-edge", "ns1 gives it") for one in asked}
    )
    assert [one.rule for one in found] == [RULE]
    stepped = state(held(), route53(NET, SENDER), links=said("ready", edge="own", provider="nginx"))
    found = judge_asking(
        declared(link("ready", edge="own"), edges=edges(NEW)),
        stepped,
        NOW,
        lambda asked: {one.host: Answer("at-edge", "ns1 gives it") for one in asked},
    )
    assert [one.rule for one in found] == ["phase.edge-still-served"]


def test_an_interrupted_deployment_counts_as_both() -> None:
    before = state(held(name=f"{NEW}."), route53(NET, f"{OLD}."), links=said("live", edge="own", provider="nginx"))
    wanted = declared(link("live", edge="own"), edges=edges(NEW))
    assert [one.rule for one in judge(wanted, before, NOW)] == [RULE]


def test_a_server_that_stands_by_may_be_exchanged() -> None:
    at_aws = link("live", edge="aws")
    by = at_aws.replace("edge: aws", "edge: aws, standby: own")
    distribution = resource(
        "aws:cloudfront/distribution:Distribution", NET, outputs={"domainName": "d1.cloudfront.net"}
    )
    links = said("live", edge="aws", provider="cloudfront")
    links["one"] |= {"standby": "own", "standby_provider": "nginx"}
    before = state(held(), distribution, route53(NET, "d1.cloudfront.net."), links=links)
    assert [one.rule for one in judge(declared(by, edges=edges(NEW)), before, NOW)] == []
