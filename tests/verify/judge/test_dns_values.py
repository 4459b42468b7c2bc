"""What an authoritative server answers about a record, each fault with a near case that is healthy."""

from __future__ import annotations

import pytest

from tests.verify.servers import AddressBesideCname, ForgetsAuthority, RefusesOneName
from tests.verify.world import CLICK, TARGET, World, errors, expect, record, rules


def test_everything_as_declared_is_proven_and_silent(tmp_path):
    with World(tmp_path) as world:
        result = world.verify()
    assert (result.verdict, result.exit_code, result.findings, result.could_not_check) == ("proven", 0, (), ())
    # two servers of the record and two of the zone, and the target
    assert result.coverage.cells == result.coverage.checked == 5


def test_a_wrong_value_at_one_server_of_two_names_that_server(tmp_path):
    with World(tmp_path) as world:
        world.second.set(CLICK, "CNAME", ["old.vendor.test."])
        result = world.verify(places={"links.link": "stacks/x.yaml:3:5"})
    (finding,) = result.findings
    assert (finding.rule, finding.vantage.server, finding.vantage.address) == (
        "dns.wrong-value",
        "ns2.example.test.",
        "127.61.3.2",
    )
    assert (finding.expected, finding.observed, finding.place) == (TARGET, "old.vendor.test.", "stacks/x.yaml:3:5")
    assert (result.verdict, result.exit_code) == ("differs", 1)


def test_case_and_the_trailing_dot_make_no_difference(tmp_path):
    with World(tmp_path) as world:
        world.first.set(CLICK, "CNAME", ["EDGE.Vendor.TEST."])
        assert world.verify(expect(record(values=["Edge.vendor.test"]))).verdict == "proven"


def test_a_missing_name_and_a_missing_type_are_told_apart(tmp_path):
    with World(tmp_path) as world:
        world.first.set(CLICK, "CNAME", None)
        world.second.set(CLICK, "CNAME", None)
        world.second.set(CLICK, "TXT", ["hello"])
        result = world.verify()
    assert {(f.rule, f.vantage.server) for f in result.findings} == {
        ("dns.missing-name", "ns1.example.test."),
        ("dns.missing-type", "ns2.example.test."),
    }


def test_two_cnames_at_one_name_are_seen_both(tmp_path):
    with World(tmp_path) as world:
        world.first.set(CLICK, "CNAME", [TARGET, "old.vendor.test."])
        result = world.verify()
    assert rules(result) == {"dns.duplicate-cname"}
    assert result.findings[0].observed == f"{TARGET}, old.vendor.test."


def test_an_address_beside_the_cname_is_found(tmp_path):
    with World(tmp_path, second=AddressBesideCname) as world:
        assert world.verify().verdict == "proven"
        world.second.name = CLICK
        assert rules(world.verify()) == {"dns.cname-coexistence"}


def test_a_forwarder_with_the_right_value_is_not_authoritative(tmp_path):
    with World(tmp_path, second=ForgetsAuthority) as world:
        result = world.verify()
    assert rules(result) == {"dns.non-authoritative"}
    assert (result.findings[0].id, result.findings[0].affects) == ("zone/example.test", ("link/click",))


def test_a_refusal_of_one_name_is_not_lameness(tmp_path):
    with World(tmp_path, second=RefusesOneName) as world:
        world.second.name = CLICK
        result = world.verify()
    assert rules(result) == {"dns.refused"}
    assert result.findings[0].id == "link/click"


@pytest.mark.parametrize(
    ("ttl", "declared", "expected"),
    [
        ("exact", 300, set()),
        ("exact", 600, {"dns.ttl-differs"}),
        ("at_most", 600, set()),
        ("at_most", 60, {"dns.ttl-differs"}),
        ("ignore", 60, set()),
        ("exact", None, set()),
    ],
)
def test_the_served_ttl_is_a_warning_as_declared(tmp_path, ttl, declared, expected):
    with World(tmp_path) as world:
        result = world.verify(expect(record(ttl=ttl, ttl_seconds=declared)))
    assert rules(result) == expected
    assert result.verdict == "proven"


def test_strict_makes_a_warning_count(tmp_path):
    with World(tmp_path) as world:
        assert world.verify(expect(record(ttl_seconds=600)), strict=True).exit_code == 1


def test_a_wildcard_in_the_place_of_the_record_is_seen(tmp_path):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set("*.example.test.", "CNAME", [TARGET])
        assert rules(world.verify()) == set(), "an explicit record beside a wildcard of the same value is healthy"
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", None)
        result = world.verify()
        assert rules(result) == {"dns.masked-by-wildcard"}
        assert errors(result) == set()
        for server in (world.first, world.second):
            server.set("*.example.test.", "CNAME", ["old.vendor.test."])
        assert errors(world.verify()) == {"dns.masked-by-wildcard"}


def test_a_target_without_address_dangles_unless_none_is_needed(tmp_path):
    with World(tmp_path) as world:
        world.vendor.set(TARGET, "A", None)
        result = world.verify()
        assert errors(result) == {"dns.dangling-target"}
        assert world.verify(expect(record(resolve="none"))).verdict == "proven"
        world.vendor.set(TARGET, "AAAA", ["::1"])
        assert world.verify().verdict == "proven", "an IPv6 address is an address"


def test_a_key_target_needs_text_not_an_address(tmp_path):
    with World(tmp_path) as world:
        assert errors(world.verify(expect(record(resolve="txt")))) == {"dns.dangling-target"}
        world.vendor.set(TARGET, "TXT", ['"k=rsa; p=abc"'])
        assert world.verify(expect(record(resolve="txt"))).verdict == "proven"


def test_a_cname_loop_is_found_and_a_chain_is_not_one(tmp_path):
    with World(tmp_path) as world:
        world.vendor.set(TARGET, "A", None)
        world.vendor.set(TARGET, "CNAME", ["old.vendor.test."])
        assert world.verify().verdict == "proven"
        world.vendor.set(TARGET, "CNAME", [CLICK])
        assert "dns.cname-loop" in errors(world.verify())


def test_what_was_to_be_gone_is_still_there(tmp_path):
    with World(tmp_path) as world:
        absent = record(match="absent", values=[])
        assert errors(world.verify(expect(absent))) == {"dns.still-present"}
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", None)
        assert world.verify(expect(absent)).verdict == "proven"


def test_a_proxied_name_shows_addresses_and_never_its_cname(tmp_path):
    with World(tmp_path) as world:
        proxied = record(served="proxied")
        assert errors(world.verify(expect(proxied))) == {"dns.not-proxied"}
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", None)
            server.set(CLICK, "A", ["127.61.10.1"])
        assert world.verify(expect(proxied)).verdict == "proven"
        assert errors(world.verify()) == {"dns.flattened"}, "as declared, the same answer lacks its CNAME"
        world.first.set(CLICK, "A", None)
        world.first.set(CLICK, "TXT", ["x"])
        assert errors(world.verify(expect(proxied))) == {"dns.missing-type"}


@pytest.mark.parametrize(
    ("address", "expected"),
    [("104.16.1.1", set()), ("192.0.2.7", {"dns.address-out-of-range"}), ("127.61.10.1", set())],
)
def test_a_proxied_address_outside_the_published_ranges_is_a_warning(tmp_path, address, expected):
    endpoint = {
        "id": "link/edge",
        "host": CLICK.rstrip("."),
        "connect": "127.0.0.1",
        "edge": "cloudflare",
        "http": "off",
        "https": "off",
    }
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", None)
            server.set(CLICK, "A", [address])
        expectations = expect(record(served="proxied"), endpoints=[endpoint])
        assert rules(world.verify(expectations)) == expected
        assert rules(world.verify(expectations, check_ranges=False)) == set()


def test_text_and_sets_match_as_declared(tmp_path):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set("t.example.test.", "TXT", ['"one" "two"', '"other"'])
        text = record(id="t", name="t.example.test.", type="TXT")
        assert world.verify(expect({**text, "match": "contains", "values": ["onetwo"]})).verdict == "proven"
        assert errors(world.verify(expect({**text, "values": ["onetwo"]}))) == {"dns.wrong-value"}
        assert world.verify(expect(record(match="any_of", values=[TARGET, "old.vendor.test."]))).verdict == "proven"
        assert errors(world.verify(expect(record(match="any_of", values=["old.vendor.test."])))) == {"dns.wrong-value"}
