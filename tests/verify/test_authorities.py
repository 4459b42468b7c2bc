"""Where a host leads, asked of every authoritative server, as the guard does before an edge goes."""

from __future__ import annotations

import pytest
from linkproof.verify.authorities import ask_authorities
from linkproof.verify.options import VerifyOptions

from tests.verify.servers import Fails, ForgetsAuthority, Honest, Refuses, Silent
from tests.verify.world import CLICK, EDGE_ADDRESS, SHORT, TARGET, World

HOST = CLICK.removesuffix(".")


def ask(world: World, host: str = HOST, names: tuple[str, ...] = ()):
    options = VerifyOptions(hints=world.hints, dns_port=world.port, **SHORT)
    served, addresses = ask_authorities([host], names, options)
    return served[host], addresses


def test_every_server_is_asked_and_the_chain_is_followed(tmp_path):
    with World(tmp_path) as world:
        world.second.set(CLICK, "CNAME", ["cdn.example.test."])
        for server in (world.first, world.second):
            server.set("cdn.example.test.", "CNAME", ["old.vendor.test."])
        found, _ = ask(world)
    assert found.problem == ""
    first, second = found.servers
    assert first.server == "ns1.example.test (127.61.3.1)"
    assert (first.names, first.addresses) == ((TARGET,), (EDGE_ADDRESS,))
    assert second.names == ("cdn.example.test.", "old.vendor.test.")
    assert second.ttl_seconds


def test_a_name_that_its_server_resolves_itself_has_addresses_alone(tmp_path):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", None)
            server.set(CLICK, "A", [EDGE_ADDRESS])
        found, addresses = ask(world, names=(TARGET,))
    assert {(one.names, one.addresses, one.problem) for one in found.servers} == {((), (EDGE_ADDRESS,), "")}
    assert addresses == {TARGET: {EDGE_ADDRESS}}


def test_a_name_that_is_gone_leads_nowhere_and_is_an_answer(tmp_path):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", None)
        found, _ = ask(world)
    assert {(one.names, one.addresses, one.ttl_seconds, one.problem) for one in found.servers} == {((), (), None, "")}


@pytest.mark.parametrize("fault", [Silent, Refuses, Fails, ForgetsAuthority])
def test_a_server_that_does_not_say_is_named(tmp_path, fault: type[Honest]):
    with World(tmp_path, second=fault) as world:
        found, _ = ask(world)
    first, second = found.servers
    assert (first.problem, second.names) == ("", ())
    assert second.server == "ns2.example.test (127.61.3.2)"
    assert second.problem


def test_a_target_that_nobody_answers_for_is_a_problem(tmp_path):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", ["x.nowhere.test."])
        world.tld.set("nowhere.test.", "NS", ["ns.nowhere.test."])
        world.tld.set("ns.nowhere.test.", "A", ["127.61.9.9"])
        found, _ = ask(world)
    assert all("x.nowhere.test. was not answered" in one.problem for one in found.servers)
