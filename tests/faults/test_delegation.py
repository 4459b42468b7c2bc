"""What is odd about a delegation although its servers can be found: glue, aliases, single servers, timers, denials."""

from __future__ import annotations

import pytest

from tests.verify.servers import Honest, Silent
from tests.verify.world import SHORT, World, errors, expect, record, rules

ZONE, SECOND_NAME = "example.test.", "ns2.example.test."


def found(result):
    return [(f.rule, f.severity, f.id, f.vantage.address) for f in result.findings]


def test_a_server_without_glue_is_asked_at_the_address_that_the_zone_gives(tmp_path):
    with World(tmp_path) as world:
        world.tld.set(SECOND_NAME, "A", None)
        result = world.verify()
    assert found(result) == [("dns.missing-glue", "warning", "zone/example.test", "127.61.1.1")]
    assert "127.61.3.2" in result.findings[0].expected
    assert result.verdict == "proven"
    assert {cell.vantage.address for cell in result.cells if cell.id == "link/click" and cell.state == "right"} >= {
        "127.61.3.1",
        "127.61.3.2",
    }


def test_what_such_a_server_answers_counts_as_much(tmp_path):
    with World(tmp_path) as world:
        world.tld.set(SECOND_NAME, "A", None)
        world.second.set("url.example.test.", "CNAME", ["old.vendor.test."])
        result = world.verify()
    assert errors(result) == {"dns.wrong-value"}


def test_a_server_that_neither_the_parent_nor_the_zone_has_an_address_for_is_dangling(tmp_path):
    with World(tmp_path) as world:
        for server in (world.tld, world.first, world.second):
            server.set(SECOND_NAME, "A", None)
        result = world.verify()
    assert (errors(result), rules(result)) == ({"dns.dangling-delegation"}, {"dns.dangling-delegation"})


def test_whether_it_is_dangling_is_not_known_where_no_other_server_answers(tmp_path):
    with World(tmp_path, first=Silent) as world:
        world.tld.set(SECOND_NAME, "A", None)
        result = world.verify(**SHORT)
    assert "dns.dangling-delegation" not in rules(result)
    assert any(SECOND_NAME in one.reason for one in result.could_not_check)


def test_glue_of_one_family_alone_and_none_for_names_elsewhere_are_healthy(tmp_path):
    names = ["ns1.example.test.", SECOND_NAME, "ns3.vendor.test."]
    with World(tmp_path) as world:
        world.vendor.set("ns3.vendor.test.", "A", ["127.61.3.1"])
        for server in (world.tld, world.first, world.second):
            server.set(ZONE, "NS", names)
        for server in (world.first, world.second):
            server.set(SECOND_NAME, "AAAA", ["2001:db8::53"])
        result = world.verify()
    assert (result.verdict, result.findings) == ("proven", ())


class WithoutSoa(Honest):
    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        if not response.answer:
            response.authority = []
        return response


def test_a_denial_without_soa_is_a_warning_of_that_server(tmp_path):
    with World(tmp_path, second=WithoutSoa) as world:
        result = world.verify()
    assert found(result) == [("dns.negative-without-soa", "warning", "zone/example.test", "127.61.3.2")]
    assert result.verdict == "proven"


@pytest.mark.parametrize("kind", [Honest, WithoutSoa])
def test_a_server_that_denies_nothing_or_denies_with_soa_is_silent(tmp_path, kind):
    with World(tmp_path, second=kind) as world:
        if kind is WithoutSoa:
            for server in (world.first, world.second):
                server.set("*.example.test.", "A", ["127.61.10.1"])
        result = world.verify()
    assert (result.verdict, result.findings) == ("proven", ())


def test_a_server_is_asked_for_one_name_that_nobody_has_whatever_the_number_of_its_records(tmp_path):
    with World(tmp_path) as world:
        names = [f"u{number}.example.test." for number in range(20)]
        for server in (world.first, world.second):
            for name in names:
                server.set(name, "CNAME", ["edge.vendor.test."])
        world.verify(expect(*(record(id=f"link/{name}", name=name) for name in names)))
        probes = [name for name, _ in world.second.asked if name.startswith("lp-") and name.count(".") == 3]
    assert len(probes) == 1


def both(world, name, record_type, values, *more):
    for server in (world.first, world.second, *more):
        server.set(name, record_type, values)


@pytest.mark.parametrize("where", ["inside", "elsewhere"])
def test_a_server_whose_name_is_a_cname_is_a_warning(tmp_path, where):
    with World(tmp_path) as world:
        if where == "inside":
            both(world, SECOND_NAME, "A", None)
            both(world, SECOND_NAME, "CNAME", ["ns1.example.test."])
            name = SECOND_NAME
        else:
            name = "alias.vendor.test."
            world.vendor.set(name, "CNAME", ["ns2.vendor.test."])
            world.vendor.set("ns2.vendor.test.", "A", ["127.61.3.2"])
            both(world, ZONE, "NS", ["ns1.example.test.", name], world.tld)
        result = world.verify()
    (finding,) = result.findings
    assert (finding.rule, finding.severity, finding.id) == ("dns.ns-is-cname", "warning", "zone/example.test")
    assert finding.observed.startswith(f"{name} → ")
    assert finding.reproduce.endswith(f"{name} A")


def test_servers_of_another_zone_without_cname_are_healthy(tmp_path):
    with World(tmp_path) as world:
        world.vendor.set("ns2.vendor.test.", "A", ["127.61.3.2"])
        both(world, ZONE, "NS", ["ns1.example.test.", "ns2.vendor.test."], world.tld)
        result = world.verify()
    assert (result.verdict, result.findings) == ("proven", ())


@pytest.mark.parametrize(("expire", "expected"), [(900, {"dns.soa-expires-early"}), (901, set())])
def test_an_expire_within_the_refresh_is_one_warning(tmp_path, expire, expected):
    with World(tmp_path) as world:
        both(world, ZONE, "SOA", [f"ns. host. 1 900 300 {expire} 60"])
        result = world.verify()
    assert [f.rule for f in result.findings] == sorted(expected)
    assert result.verdict == "proven"


def test_a_single_server_name_is_a_warning_whatever_the_number_of_its_addresses(tmp_path):
    with World(tmp_path) as world:
        both(world, ZONE, "NS", ["ns1.example.test."], world.tld)
        alone = world.verify()
        both(world, "ns1.example.test.", "AAAA", ["2001:db8::53"], world.tld)
        over_two_families = world.verify()
    for result in (alone, over_two_families):
        assert found(result) == [("dns.one-server", "warning", "zone/example.test", "127.61.1.1")]
        assert "ns1.example.test. at 127.61.3.1" in result.findings[0].observed
        assert result.findings[0].reproduce.endswith(f"{ZONE} NS")
        assert result.verdict == "proven"


def test_two_names_of_one_address_are_one_server(tmp_path):
    with World(tmp_path) as world:
        both(world, SECOND_NAME, "A", ["127.61.3.1"], world.tld)
        same = world.verify()
        for name in ("ns1.example.test.", SECOND_NAME):
            both(world, name, "AAAA", ["2001:db8::53"], world.tld)
        same_in_both_families = world.verify()
        both(world, SECOND_NAME, "AAAA", ["2001:db8::54"], world.tld)
        other_over_ipv6 = world.verify()
    assert rules(same) == rules(same_in_both_families) == {"dns.one-server"}
    assert "ns1.example.test., ns2.example.test. at 127.61.3.1" in same.findings[0].observed
    assert other_over_ipv6.findings == ()


def test_names_that_share_all_of_several_addresses_are_several_servers(tmp_path):
    with World(tmp_path) as world:
        for name in ("ns1.example.test.", SECOND_NAME):
            both(world, name, "A", ["127.61.3.1", "127.61.3.2"], world.tld)
        result = world.verify()
    assert (result.verdict, result.findings) == ("proven", ())


def test_a_second_server_that_only_one_side_names_or_that_nobody_finds_is_reported_as_that(tmp_path):
    with World(tmp_path) as world:
        both(world, ZONE, "NS", ["ns1.example.test."])
        one_sided = world.verify()
        both(world, ZONE, "NS", ["ns1.example.test.", "ns.gone.test."], world.tld)
        without_address = world.verify()
    assert rules(one_sided) == {"dns.delegation-mismatch"}
    assert rules(without_address) == {"dns.dangling-delegation"}


def test_a_single_server_that_does_not_answer_is_no_more_than_silent(tmp_path):
    with World(tmp_path, first=Silent) as world:
        world.tld.set(ZONE, "NS", ["ns1.example.test."])
        result = world.verify(**SHORT)
    assert rules(result) == {"dns.timeout"}
