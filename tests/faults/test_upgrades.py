"""Links that are still http and browsers that are told to use https: HTTPS records and HSTS of zones above."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from linkproof.expectations.model import parse
from linkproof.verify.judge.upgrades import judge_upgrades
from linkproof.verify.observations.edge import EndpointObservation

from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.world import World, errors, expect

HOST = "url.example.test"
PARENT = "127.61.11.1"
HSTS = "max-age=31536000; includeSubDomains"


def branded(**changes):
    return endpoint(edge=None, phase="branded", https="off", **changes)


def check(world, authority, item):
    return world.verify(expect(endpoints=[item]), ca=authority.file)


@pytest.mark.parametrize("where", ["url.example.test.", "edge.vendor.test."])
def test_an_https_record_upgrades_links_that_are_still_http(tmp_path, where):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context(HOST), http=answer())
        assert check(world, authority, branded()).verdict == "proven"
        if where == "edge.vendor.test.":
            world.vendor.set(where, "HTTPS", ["1 . alpn=h2"])
        else:
            # beside the CNAME no HTTPS record can stand: the host itself is served by its own zone as an address
            for server in (world.first, world.second):
                server.set(where, "CNAME", None)
                server.set(where, "A", ["127.61.10.1"])
                server.set(where, "HTTPS", ["1 . alpn=h2"])
        result = check(world, authority, branded())
        upgraded = [finding for finding in result.findings if finding.rule.startswith("http.")]
        assert [(f.rule, f.severity) for f in upgraded] == [("http.https-record-upgrades", "error")]
        # the edge serves https for the host, so nobody is hurt
        served = check(world, authority, endpoint(edge=None, phase="branded", https="optional"))
        assert not [finding for finding in served.findings if finding.rule.startswith("http.")]
        live = check(world, authority, endpoint(edge=None))
        assert not [finding for finding in live.findings if finding.rule.startswith("http.")]


def parent_world(tmp_path, policy, names=("example.test",)):
    authority = Authority(tmp_path)
    world = World(tmp_path)
    for server in (world.first, world.second):
        server.set("example.test.", "A", [PARENT])
    site = answer(
        301, b"", Location="https://www.example.test/", **({"Strict_Transport_Security": policy} if policy else {})
    )
    edge = Edge(world, authority.context(*names), https=site, address=PARENT)
    Edge(world, http=answer())
    return world, authority, edge


@pytest.mark.parametrize(
    ("policy", "names", "expected"),
    [
        (HSTS, ("example.test",), {"http.hsts-breaks-http"}),
        ('max-age="600";INCLUDESUBDOMAINS; preload', ("example.test",), {"http.hsts-breaks-http"}),
        ("max-age=31536000", ("example.test",), set()),
        ("max-age=0; includeSubDomains", ("example.test",), set()),
        (None, ("example.test",), set()),
        (HSTS, ("www.example.test",), set()),
    ],
)
def test_hsts_of_a_zone_above_breaks_links_that_are_still_http(tmp_path, policy, names, expected):
    world, authority, edge = parent_world(tmp_path, policy, names)
    with world:
        result = check(world, authority, branded(hsts_parents=["example.test"]))
        asked = [request for request in edge.requests if request]
    assert errors(result) == expected
    assert all(request.startswith(b"HEAD / HTTP/1.1\r\nHost: example.test\r\n") for request in asked)


@pytest.mark.parametrize("asked", ["shop.example.test", "example.test"])
def test_hsts_of_any_name_above_breaks_them_and_each_is_asked(tmp_path, asked):
    """The registrable domain above the declared zone, and a host between: the plan names them all."""
    authority = Authority(tmp_path)
    host, parents = "url.shop.example.test", ["shop.example.test", "example.test"]
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set(f"{host}.", "CNAME", ["edge.vendor.test."])
            server.set(f"{asked}.", "A", [PARENT])
        Edge(world, authority.context(asked), https=answer(200, b"", Strict_Transport_Security=HSTS), address=PARENT)
        Edge(world, http=answer())
        result = check(world, authority, branded(host=host, hsts_parents=parents))
    found = [(finding.rule, finding.vantage.server) for finding in result.findings]
    assert found == [("http.hsts-breaks-http", asked)]


def test_a_suffix_that_browsers_preload_breaks_them_without_being_asked():
    item = parse({"version": 1, "endpoints": [branded(host="url1.example.dev")]}).endpoints[0]
    seen = EndpointObservation(None, ())
    (cell,) = judge_upgrades(item, seen, datetime.now(UTC))
    assert cell.finding.rule == "http.hsts-breaks-http"
    assert "below .dev" in cell.finding.observed
    for other in (branded(host="url1.example.com"), endpoint(host="url1.example.dev", edge=None)):
        item = parse({"version": 1, "endpoints": [other]}).endpoints[0]
        assert judge_upgrades(item, seen, datetime.now(UTC)) == []


def test_a_parent_is_asked_once_for_all_its_links_and_never_for_live_ones(tmp_path):
    world, authority, edge = parent_world(tmp_path, HSTS)
    with world:
        links = [branded(id=f"l{number}", hsts_parents=["example.test"]) for number in range(3)]
        result = world.verify(expect(endpoints=links), ca=authority.file)
        assert {finding.id for finding in result.findings} == {"l0", "l1", "l2"}
        assert len([request for request in edge.requests if request]) == 1
        edge.requests.clear()
        live = endpoint(edge=None, https="off", hsts_parents=["example.test"])
        assert check(world, authority, live).findings == ()
        assert edge.requests == []


def test_a_parent_without_address_sends_no_policy_and_one_out_of_reach_may(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, http=answer())
        assert not check(world, authority, branded(hsts_parents=["example.test"])).findings
        for server in (world.first, world.second):
            server.set("example.test.", "NS", ["ns1.example.test.", "ns2.example.test."])
        world.tld.set("dark.test.", "NS", ["ns.dark.test."])
        world.tld.set("ns.dark.test.", "A", ["127.61.98.1"])
        result = check(world, authority, branded(hsts_parents=["dark.test"]))
    assert (result.verdict, result.findings) == ("proven", ())
    assert any("HSTS policy of dark.test" in item.reason for item in result.optional)
