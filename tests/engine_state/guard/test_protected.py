"""What leaves the declaration while the engine protects it."""

from __future__ import annotations

from typing import Any

from linkproof.contract.state import State
from linkproof.declaration.model import Declaration

from tests.engine_state.deployed import COM, NET, NOW, at_aws, cloudflare, declared, judge, link, route53, said, state

KARTE = cloudflare("t.example.com", "cname.karte.io", protect=True)


def told(declaration: Declaration, deployed: State) -> list[tuple[str, str]]:
    return [(one.host, one.fix) for one in judge(declaration, deployed, NOW) if one.rule == "move.protected"]


def test_a_removed_tracking_host_is_refused_with_the_command_that_lets_it_go() -> None:
    ((host, fix),) = told(declared(link("branded")), state(route53(NET, protect=True), KARTE, links=said("branded")))
    assert host == "t.example.com"
    assert "linkproof retire t.example.com -s test" in fix


def test_a_retired_host_and_a_declared_one_are_not() -> None:
    free = cloudflare("t.example.com", "cname.karte.io", protect=False)
    assert told(declared(link("branded")), state(route53(NET, protect=True), free, links=said("branded"))) == []


def test_a_link_that_leaves_from_branded_is_refused_until_it_is_retired() -> None:
    for protect in (True, False):
        found = told(declared(), state(cloudflare(COM, protect=protect), links=said("branded", COM)))
        assert [host for host, _ in found] == ([COM] if protect else [])


def test_retire_is_not_the_advice_for_what_is_in_use_or_shared() -> None:
    owner = route53("1234567.example.net", protect=True)
    links: dict[str, Any] = {"one": {**said("live")["one"], "owner_host": "1234567.example.net"}}
    assert told(declared(), state(*at_aws("live", protect=True), owner, links=links)) == []
