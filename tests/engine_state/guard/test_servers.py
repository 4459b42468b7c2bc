"""A server of one's own keeps its name while clicks are led to it."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.servers.guard import RULE
from linkproof.servers.items import SERVER_HOST

from tests.engine_state.deployed import NET, NOW, declared, judge, link, resource, route53, said, state

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
