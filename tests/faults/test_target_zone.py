"""The zone that a click host leads to is somebody else's, and clicks die of it all the same."""

from __future__ import annotations

import dns.message
import dns.rcode
import pytest

from tests.faults.named import ADDRESS as NAMED
from tests.faults.named import View, named
from tests.faults.signing import sign
from tests.faults.zonefiles import delegate, zone_text
from tests.verify.servers import Fails, Honest, Refuses, Silent
from tests.verify.world import CLICK, SHORT, TARGET, World, errors, expect, record

OTHER = "edge.other.test."
SERVERS = {"ns": NAMED}
SECOND_ADDRESS = "127.61.2.2"


def led_elsewhere(world: World) -> None:
    for server in (world.first, world.second):
        server.set(CLICK, "CNAME", [OTHER])


def vendor_of(world: World, *servers: type[Honest]) -> None:
    """A zone of another vendor at one or two servers of these kinds."""
    led_elsewhere(world)
    names = {f"ns{number}": address for number, address in enumerate(("127.61.2.3", SECOND_ADDRESS)[: len(servers)])}
    delegate(world, "other.test.", names)
    for kind, address in zip(servers, names.values(), strict=True):
        server = kind()
        content = {("other.test.", "NS"): [f"{name}.other.test." for name in names], (OTHER, "A"): ["127.61.10.1"]}
        content |= {(f"{name}.other.test.", "A"): [there] for name, there in names.items()}
        server.load("other.test.", content)
        world.loop.serve_dns(server, address, world.port)


LINK = record(values=[OTHER])


@pytest.mark.parametrize(("kind", "rule"), [(Refuses, "dns.lame-refused"), (Fails, "dns.server-failure")])
def test_a_target_whose_servers_all_fail_is_one_finding_about_its_zone_with_all_links(tmp_path, kind, rule):
    owner = record(id="link/owner", name="owner.example.test.", values=[OTHER])
    with World(tmp_path) as world:
        vendor_of(world, kind, kind)
        for server in (world.first, world.second):
            server.set("owner.example.test.", "CNAME", [OTHER])
        result = world.verify(expect(LINK, owner))
    assert result.verdict == "differs"
    assert {(f.rule, f.name, f.affects) for f in result.findings} == {
        (rule, "other.test.", ("link/click", "link/owner"))
    }
    assert "tell whoever runs that zone" in result.findings[0].fix


@pytest.mark.parametrize("kind", [Refuses, Fails, Silent])
def test_one_of_two_servers_that_fails_is_its_owners_matter(tmp_path, kind):
    with World(tmp_path) as world:
        vendor_of(world, Honest, kind)
        result = world.verify(expect(LINK), **SHORT)
    assert (result.verdict, result.findings) == ("proven", ())


@pytest.mark.parametrize(("window", "rule"), [((-7200, -3600), "dns.dnssec-expired"), ((-3600, 86400), None)])
def test_signatures_of_the_target_that_have_expired(tmp_path, window, rule):
    text, ds = sign("other.test.", zone_text("other.test.", SERVERS, "edge A 127.61.10.1"), window=window)
    with World(tmp_path) as world, named(tmp_path, world.port, View({"other.test.": text})):
        led_elsewhere(world)
        delegate(world, "other.test.", SERVERS, [ds])
        result = world.verify(expect(LINK))
    assert {(f.rule, f.name) for f in result.findings} == ({(rule, "other.test.")} if rule else set())
    assert result.verdict == ("differs" if rule else "proven")


class FailsForCaa(Honest):
    def respond(self, query, name, record_type, *, tcp):
        if record_type != "CAA" or name != TARGET:
            return super().respond(query, name, record_type, tcp=tcp)
        response = dns.message.make_response(query)
        response.set_rcode(dns.rcode.SERVFAIL)
        return response


@pytest.mark.parametrize("is_failing", [True, False])
def test_a_target_that_fails_for_caa_stops_the_certificate(tmp_path, is_failing):
    caa = [{"id": "link/caa", "host": "url.example.test", "cas": ["amazon.com"]}]
    with World(tmp_path) as world:
        if is_failing:
            failing = FailsForCaa()
            failing.zones = world.vendor.zones
            world.vendor.respond = failing.respond
        result = world.verify(expect(caa=caa))
    assert errors(result) == ({"dns.caa-failing"} if is_failing else set())
    if is_failing:
        assert result.findings[0].asked_name == TARGET
