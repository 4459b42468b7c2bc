"""Zones at DNS hosts whose servers' names stand in zones that serve one another: found, proven, and played back as in the run."""

from __future__ import annotations

import pytest
from linkproof.verify.replay import judge_again

from tests.verify.servers import Honest, Silent
from tests.verify.world import CLICK, SHORT, TARGET, World, rules

TOP_LEVELS = ("com", "net", "org", "info")


class Provider:
    """A DNS host in a world, which serves example.test.

    Args:
        zones: of the host → names of their servers.
        addresses: of all servers' names.
        customer: the names of the servers of example.test.
    """

    def __init__(self, zones: dict[str, list[str]], addresses: dict[str, str], customer: list[str]) -> None:
        self.zones, self.addresses, self.customer = zones, addresses, customer

    def join(self, world: World, silent: frozenset[str] = frozenset()) -> None:
        """Serve it; the silent addresses answer nothing."""
        for number, top in enumerate(TOP_LEVELS, 1):
            self._top_level(world, f"{top}.", f"127.61.20.{number}")
        for address in dict.fromkeys(self.addresses.values()):
            server = Silent() if address in silent else Honest()
            for zone, names in self.zones.items():
                below = {(name, "A"): [one] for name, one in self.addresses.items() if name.endswith(f".{zone}")}
                server.load(zone, {(zone, "NS"): names, **below})
            server.load("example.test.", {("example.test.", "NS"): self.customer, (CLICK, "CNAME"): [TARGET]})
            world.loop.serve_dns(server, address, world.port)
        world.tld.set("example.test.", "NS", self.customer)

    def _top_level(self, world: World, top: str, address: str) -> None:
        server, host = Honest(), f"a.nic.{top}"
        glue = {(name, "A"): [one] for name, one in self.addresses.items() if name.endswith(f".{top}")}
        delegated = {(zone, "NS"): names for zone, names in self.zones.items() if zone.endswith(f".{top}")}
        server.load(top, {(top, "NS"): [host], (host, "A"): [address], **glue, **delegated})
        world.root.set(top, "NS", [host])
        world.root.set(host, "A", [address])
        world.loop.serve_dns(server, address, world.port)


def numbered(names: list[str], third: int) -> dict[str, str]:
    return {name: f"127.61.{third}.{number}" for number, name in enumerate(names, 1)}


def one_beside_another(names: int, servers: int) -> Provider:
    """The customer's servers have names in one zone, whose servers have theirs in another."""
    above = [f"ns{number}.provider.com." for number in range(servers)]
    customer = [f"dns{number}.provider.net." for number in range(names)]
    zones = {"provider.com.": above, "provider.net.": above}
    return Provider(zones, numbered(above, 21) | numbered(customer, 22), customer)


def across_top_levels() -> Provider:
    """Four zones under four top-level domains, each served by a name in each of them."""
    above = [f"ns{number}-205.provider.{top}." for number, top in enumerate(TOP_LEVELS)]
    customer = [f"ns{number}-07.provider.{top}." for number, top in enumerate(TOP_LEVELS)]
    zones = {f"provider.{top}.": above for top in TOP_LEVELS}
    return Provider(zones, numbered(above, 21) | numbered(customer, 22), customer)


CASES = {
    "four names, four servers": one_beside_another(4, 4),
    "thirteen names, six servers": one_beside_another(13, 6),
    "across top-level domains": across_top_levels(),
}


@pytest.mark.parametrize("case", list(CASES))
def test_a_healthy_zone_at_such_a_host_is_proven_and_so_it_is_played_back(tmp_path, case):
    with World(tmp_path) as world:
        CASES[case].join(world)
        live = world.verify(save=tmp_path / "evidence")
    again = judge_again(tmp_path / "evidence").result
    assert (live.verdict, live.findings) == ("proven", ())
    assert live.timing["dns_queries"] < 300
    assert (again.verdict, again.findings) == ("proven", ())


def test_servers_without_glue_are_looked_for_where_those_with_glue_are_silent(tmp_path):
    """One server of provider.com is known by glue and dead; the living one has its name under another top-level domain."""
    zones = {"provider.com.": ["ns1.provider.com.", "ns2.other.net."], "other.net.": ["ns2.other.net."]}
    addresses = {"ns1.provider.com.": "127.61.21.1", "ns2.other.net.": "127.61.21.2"}
    customer = ["dns1.provider.com.", "dns2.provider.com."]
    addresses |= numbered(customer, 22)
    with World(tmp_path) as world:
        Provider(zones, addresses, customer).join(world, frozenset({"127.61.21.1"}))
        result = world.verify(**SHORT)
    assert (result.verdict, rules(result)) == ("proven", set())


def test_of_a_flood_of_glue_a_few_addresses_are_asked(tmp_path):
    with World(tmp_path) as world:
        flood = [f"127.61.{30 + number // 250}.{1 + number % 250}" for number in range(1000)]
        world.tld.set("ns2.example.test.", "A", flood)
        result = world.verify(**SHORT)
    assert result.timing["dns_queries"] < 300
    assert result.verdict == "differs"
