"""Faults of a server or a zone: found once, listing what depends on them, and never a false alarm."""

from __future__ import annotations

import json

import pytest

from tests.verify.servers import (
    AnswersNothing,
    CutsShort,
    CutsShortWithoutTcp,
    Fails,
    ForgetsAuthority,
    Honest,
    RefersUpward,
    Refuses,
    Silent,
    SilentForOneName,
    Spoofed,
)
from tests.verify.world import CLICK, SHORT, World, errors, expect, record, rules


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        (Refuses, "dns.lame-refused"),
        (RefersUpward, "dns.lame-upward-referral"),
        (AnswersNothing, "dns.lame-nonauth"),
        (Fails, "dns.server-failure"),
        (Silent, "dns.timeout"),
        (ForgetsAuthority, "dns.non-authoritative"),
        (CutsShortWithoutTcp, "dns.tcp-unreachable"),
    ],
)
def test_a_bad_server_is_found_once_for_all_its_records(tmp_path, fault, rule):
    with World(tmp_path, second=fault) as world:
        world.first.set("b.example.test.", "CNAME", ["edge.vendor.test."])
        result = world.verify(expect(record(), record(id="link/b", name="b.example.test.")), **SHORT)
    (finding,) = result.findings
    assert (finding.rule, finding.id, finding.affects) == (rule, "zone/example.test", ("link/b", "link/click"))
    assert finding.vantage.address == "127.61.3.2"
    assert result.exit_code == 1
    assert {cell.state for cell in result.cells if cell.vantage.address == "127.61.3.2"} == {"differs"}


@pytest.mark.parametrize("healthy", [CutsShort, Spoofed])
def test_an_odd_but_working_server_is_silent(tmp_path, healthy):
    with World(tmp_path, first=healthy, second=healthy) as world:
        result = world.verify()
    assert (result.verdict, result.findings) == ("proven", ())


def test_spoofed_packets_are_counted_and_passed_over(tmp_path):
    with World(tmp_path, second=Spoofed) as world:
        evidence = tmp_path / "evidence"
        result = world.verify(save=evidence)
        assert result.verdict == "proven"
        assert result.timing["stray_packets"] >= 4
        world.second.__class__ = Honest
        assert world.verify().timing["stray_packets"] == 0
    lines = [json.loads(line) for line in (evidence / "evidence.jsonl").read_text().splitlines()]
    packets = [line for line in lines if line["kind"] == "dns"]
    assert any(line["address"] == "127.61.3.2" and line["name"] == CLICK for line in packets)


def test_a_record_that_one_server_stays_silent_about_times_out_by_itself(tmp_path):
    with World(tmp_path, second=SilentForOneName) as world:
        world.second.name = CLICK
        result = world.verify(**SHORT)
    assert {(finding.rule, finding.id) for finding in result.findings} == {("dns.timeout", "link/click")}


def test_a_network_where_nobody_answers_could_not_be_checked(tmp_path):
    with World(tmp_path) as world:
        silent = tmp_path / "silent.hints"
        # nothing listens on this address, as if port 53 were blocked
        silent.write_text(". 1 NS a.root.\na.root. 1 A 127.61.99.1\n")
        result = world.verify(hints=silent)
    assert (result.verdict, result.exit_code, result.findings) == ("not-proven", 3, ())
    assert result.coverage.checked == 0
    assert {item.id for item in result.could_not_check} == {"zone/.", "link/click"}


def test_parent_and_zone_naming_different_servers_is_a_warning(tmp_path):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set("example.test.", "NS", ["ns1.example.test.", "ns2.example.test.", "ns3.example.test."])
            server.set("ns3.example.test.", "A", ["127.61.3.1"])
        result = world.verify()
    assert rules(result) == {"dns.delegation-mismatch"}
    assert errors(result) == set()
    assert any(cell.vantage.server == "ns3.example.test." and cell.id == "link/click" for cell in result.cells), (
        "the third one is asked as well"
    )


def test_a_listed_server_that_does_not_serve_the_zone_makes_the_mismatch_an_error(tmp_path):
    with World(tmp_path, second=Refuses) as world:
        world.first.set("example.test.", "NS", ["ns1.example.test."])
        assert errors(world.verify()) == {"dns.delegation-mismatch", "dns.lame-refused"}


def test_a_listed_server_without_address_is_an_error(tmp_path):
    with World(tmp_path) as world:
        world.tld.set("example.test.", "NS", ["ns1.example.test.", "ns2.example.test.", "gone.vendor.test."])
        assert errors(world.verify()) == {"dns.dangling-delegation"}


def test_glue_that_differs_from_the_zone_is_a_warning(tmp_path):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set("ns2.example.test.", "A", ["127.61.3.1"])
        result = world.verify()
    assert (rules(result), errors(result)) == ({"dns.delegation-mismatch"}, set())


def test_servers_named_outside_the_zone_are_found_by_own_iteration(tmp_path):
    with World(tmp_path) as world:
        names = ["nsa.vendor.test.", "nsb.vendor.test."]
        for server in (world.tld, world.first, world.second):
            server.set("example.test.", "NS", names)
        for name, address in zip(names, ("127.61.3.1", "127.61.3.2"), strict=True):
            world.vendor.set(name, "A", [address])
        result = world.verify()
    assert result.verdict == "proven"
    assert {cell.vantage.server for cell in result.cells if cell.id == "link/click"} >= set(names)


@pytest.mark.parametrize(
    "target", ["a\\.b.vendor.test.", "x\\000y.vendor.test.", "\\..", ".", "*.vendor.test.", "\\255.vendor.test."]
)
def test_a_target_with_an_odd_name_is_a_finding_never_a_crash(tmp_path, target):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", [target])
        result = world.verify(expect(record(match="any_of", values=[target])))
    assert result.verdict in {"differs", "not-proven"}


def test_two_zones_that_serve_each_other_end_in_a_finding_not_in_a_hang(tmp_path):
    with World(tmp_path) as world:
        world.tld.set("vendor.test.", "NS", ["ns.example.test."])
        world.tld.set("example.test.", "NS", ["ns.vendor.test."])
        for name in ("ns.vendor.test.", "ns.example.test.", "ns1.example.test.", "ns2.example.test."):
            world.tld.zones["test."].pop((name, "A"), None)
        result = world.verify()
    assert result.verdict == "not-proven"
    assert any(
        "depends on too many others" in item.reason or "no server" in item.reason for item in result.could_not_check
    )


def test_the_real_cut_is_found_and_a_wrong_declaration_of_it_is_a_warning(tmp_path):
    with World(tmp_path) as world:
        deep = record(name="url.sub.example.test.")
        names = ["ns.vendor.test.", "ns6.vendor.test."]
        world.vendor.set("ns6.vendor.test.", "AAAA", ["2001:db8::53"])
        for server in (world.first, world.second):
            server.set("sub.example.test.", "NS", names)
        world.vendor.load(
            "sub.example.test.",
            {
                ("sub.example.test.", "NS"): names,
                ("url.sub.example.test.", "CNAME"): ["edge.vendor.test."],
            },
        )
        result = world.verify(expect(deep))
        assert (rules(result), errors(result)) == ({"dns.wrong-zone"}, set())
        assert result.findings[0].observed == "in zone sub.example.test."
        zones = [{"id": "zone/sub", "name": "sub.example.test."}]
        assert world.verify(expect(deep, zones=zones)).findings == ()


def test_a_zone_that_is_no_longer_delegated_misses_its_name(tmp_path):
    with World(tmp_path) as world:
        world.tld.set("example.test.", "NS", None)
        assert errors(world.verify()) == {"dns.missing-name"}


def test_ipv6_servers_are_optional_until_declared(tmp_path):
    with World(tmp_path) as world:
        for server in (world.tld, world.first, world.second):
            server.set("ns2.example.test.", "AAAA", ["::1"])
        result = world.verify()
        assert result.verdict == "proven"
        assert {item.vantage.address for item in result.optional} == {"::1"}
        world.loop.serve_dns(world.second, "::1", world.port)
        declared = world.verify(expect(record(families=[4, 6])))
        assert declared.verdict == "proven"
        assert any(
            cell.vantage.address == "::1" and cell.state == "right" and cell.id == "link/click"
            for cell in declared.cells
        )


@pytest.mark.parametrize(
    ("content", "expected"),
    [(None, set()), (['0 issue "amazon.com"'], set()), (['0 issue "other.test"'], {"dns.caa-forbids"}), (['0 issue ";"'], {"dns.caa-forbids"}), (['0 iodef "mailto:a@b"'], set()), (['0 issuewild ";"'], set()), (['128 tbs "x"'], {"dns.caa-forbids"}), (['0 issue "other.test"', '0 issue "amazon.com; validationmethods=dns-01"'], set())],
)  # fmt: skip
def test_caa_decides_by_the_first_set_upwards(tmp_path, content, expected):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set("example.test.", "CAA", content)
        # the target's parents must not count
        world.vendor.set("vendor.test.", "CAA", ['0 issue "nobody.test"'])
        caa = [{"id": "link/caa", "host": "url.example.test", "cas": ["amazon.com", "amazontrust.com"]}]
        result = world.verify(expect(caa=caa))
    assert rules(result) == expected


def test_caa_at_the_target_of_the_host_counts(tmp_path):
    with World(tmp_path) as world:
        world.vendor.set("edge.vendor.test.", "CAA", ['0 issue "nobody.test"'])
        caa = [{"id": "link/caa", "host": "url.example.test", "cas": ["amazon.com"]}]
        assert rules(world.verify(expect(caa=caa))) == {"dns.caa-forbids"}
