"""DS → DNSKEY → RRSIG at each server, with real keys and signatures."""

from __future__ import annotations

import hashlib
import secrets
import struct
from datetime import UTC, datetime, timedelta

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rdata
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkproof.verify.judge.dns_server import vantage_of
from linkproof.verify.judge.dnssec import judge_keys
from linkproof.verify.judge.signatures import few_of_each_tag
from linkproof.verify.observations.answer import Reply, ResourceRecord
from linkproof.verify.observations.vantage import ServerAddress
from linkproof.verify.observations.zone import ZoneObservation
from linkproof.verify.observe.dns.message import decode
from linkproof.verify.observe.dns.query import make_query
from linkproof.verify.observe.dns.question import DNSSEC

from tests.faults.signers import Signed, SignedByEd25519
from tests.faults.test_resolvers import validating
from tests.verify.survey.test_rounds import FakeClock
from tests.verify.world import CLICK, World, errors, expect, rules

ZONE = "example.test."


def zones(dnssec):
    return [{"id": "zone/example.test", "path": "zones.example.test", "name": ZONE, "dnssec": dnssec}]


class SignedWorld(World):
    """Both servers sign with the same key, and the parent has its DS."""

    def __init__(self, folder, kind=Signed):
        super().__init__(folder, kind, kind)
        self.second.private = self.first.private
        self.tld.set(ZONE, "DS", [self.first.ds(ZONE)])


@pytest.mark.parametrize("kind", [Signed, SignedByEd25519])
@pytest.mark.parametrize("declared", ["any", "signed"])
def test_a_well_signed_zone_is_silent(tmp_path, kind, declared):
    with SignedWorld(tmp_path, kind) as world:
        result = world.verify(expect(zones=zones(declared)))
    assert (result.verdict, result.findings) == ("proven", ())


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        (lambda server: setattr(server, "window", (-7200, -3600)), "dns.dnssec-expired"),
        (lambda server: setattr(server, "window", (3600, 7200)), "dns.dnssec-not-yet-valid"),
        (lambda server: setattr(server, "without_keys", True), "dns.dnssec-bogus"),
        (lambda server: server.unsigned.add("DNSKEY"), "dns.dnssec-bogus"),
        (lambda server: server.unsigned.add("SOA"), "dns.dnssec-bogus"),
        (lambda server: setattr(server, "private", Signed().private), "dns.dnssec-ds-mismatch"),
    ],
)
def test_a_server_that_signs_wrongly_is_found_once_for_its_zone(tmp_path, fault, rule):
    with SignedWorld(tmp_path) as world:
        fault(world.second)
        result = world.verify()
    assert [(f.rule, f.severity, f.id, f.vantage.address) for f in result.findings] == [
        (rule, "error", "zone/example.test", "127.61.3.2")
    ]


def test_two_signers_that_do_not_publish_each_others_keys_break_each_other(tmp_path):
    with SignedWorld(tmp_path) as world:
        first, second = world.first, world.second
        second.private = Signed().private
        world.tld.set(ZONE, "DS", [first.ds(ZONE), second.ds(ZONE)])
        apart = world.verify()
        first.partners = [second]
        one_sided = world.verify()
        second.partners = [first]
        assert (world.verify().verdict, world.verify().findings) == ("proven", ())
    assert [(f.rule, f.id, f.vantage.address) for f in apart.findings] == [
        ("dns.dnssec-bogus", "zone/example.test", "127.61.3.1"),
        ("dns.dnssec-bogus", "zone/example.test", "127.61.3.2"),
    ]
    assert "ns2.example.test. (127.61.3.2)" in apart.findings[0].observed
    assert [f.vantage.address for f in one_sided.findings] == ["127.61.3.1"], "the second does not know its key"


def test_a_record_without_its_signature_is_the_records_fault(tmp_path):
    with SignedWorld(tmp_path) as world:
        world.second.unsigned.add("CNAME")
        result = world.verify()
    assert [(f.rule, f.id, f.vantage.address) for f in result.findings] == [
        ("dns.dnssec-bogus", "link/click", "127.61.3.2")
    ]


def test_a_signature_over_another_value_is_bogus(tmp_path):
    with SignedWorld(tmp_path) as world:
        # signed as one value, answered as another
        real = world.second.respond

        def forge(query, name, record_type, *, tcp):
            response = real(query, name, record_type, tcp=tcp)
            if name == CLICK and record_type == "CNAME" and response.answer:
                import dns.rrset

                response.answer[0] = dns.rrset.from_text(CLICK, 300, "IN", "CNAME", "edge.vendor.test.")
            return response

        world.second.set(CLICK, "CNAME", ["old.vendor.test."])
        world.second.respond = forge
        result = world.verify()
    assert [(f.rule, f.id) for f in result.findings] == [("dns.dnssec-bogus", "link/click")]


def test_a_declared_state_is_checked_against_the_parents_ds(tmp_path):
    with World(tmp_path) as world:
        assert world.verify(expect(zones=zones("unsigned"))).verdict == "proven"
        assert errors(world.verify(expect(zones=zones("signed")))) == {"dns.dnssec-unsigned"}
    with SignedWorld(tmp_path) as world:
        assert errors(world.verify(expect(zones=zones("unsigned")))) == {"dns.dnssec-signed"}


def test_a_ds_that_no_validator_supports_counts_as_unsigned(tmp_path):
    with SignedWorld(tmp_path) as world:
        tag = world.first.ds(ZONE).split()[0]
        world.tld.set(ZONE, "DS", [f"{tag} 200 2 {'ab' * 32}"])
        result = world.verify()
    assert (rules(result), result.verdict) == ({"dns.dnssec-unsupported"}, "proven")


def test_an_old_ds_beside_the_right_one_is_healthy(tmp_path):
    with SignedWorld(tmp_path) as world:
        world.tld.set(ZONE, "DS", [Signed().ds(ZONE), world.first.ds(ZONE)])
        assert world.verify().findings == ()


def test_dates_are_judged_by_the_clock_of_the_run(tmp_path):
    with SignedWorld(tmp_path) as world:
        later = FakeClock(datetime.now(UTC) + timedelta(days=2))
        assert errors(world.verify(clock=later)) == {"dns.dnssec-expired"}


def test_a_validating_resolver_that_finds_the_record_insecure(tmp_path):
    with SignedWorld(tmp_path) as world:
        resolver = validating(world)
        signed = expect(zones=zones("signed"))
        assert world.verify(signed).findings == (), "a resolver that does not validate says nothing"
        resolver.answers[".", "NS"] = ["a.root."]
        resolver.authentic = frozenset({".", CLICK})
        assert world.verify(signed).findings == ()
        resolver.authentic = frozenset({"."})
        assert errors(world.verify(signed)) == {"dns.dnssec-insecure"}
        assert world.verify().findings == (), "AD=0 is nothing where nobody declared the zone as signed"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=90), st.binary(max_size=90), st.sampled_from([5, 8, 13, 15, 16, 200]))
def test_keys_and_signatures_of_any_octets_are_a_finding_never_a_crash(key_octets, signature_octets, algorithm):
    key = dns.rdata.from_wire("IN", "DNSKEY", b"\x01\x01\x03" + bytes([algorithm]) + key_octets, 0, 4 + len(key_octets))
    tag = dns.dnssec.key_id(key)
    digest = hashlib.sha256(dns.name.from_text(ZONE).to_wire() + key.to_digestable()).hexdigest()
    now = int(datetime.now(UTC).timestamp())
    head = struct.pack("!HBBIIIH", 48, algorithm, 2, 300, now + 60, now - 60, tag) + dns.name.from_text(ZONE).to_wire()
    octets = head + signature_octets
    signature = dns.rdata.from_wire("IN", "RRSIG", octets, 0, len(octets))
    query = make_query(ZONE, "DNSKEY", DNSSEC)
    message = dns.message.make_response(dns.message.from_wire(query.wire))
    message.flags |= dns.flags.AA
    message.answer = [dns.rrset.from_rdata(ZONE, 300, key), dns.rrset.from_rdata(ZONE, 300, signature)]
    server = ServerAddress("ns.", "192.0.2.1")
    keys = decode(message.to_wire(), query, vantage_of(server))
    answer = (ResourceRecord(ZONE, "DS", 300, f"{tag} {algorithm} 2 {digest}"),)
    ds = Reply(ZONE, "DS", vantage_of(server), "NOERROR", authoritative=True, answer=answer)
    zone = ZoneObservation(ZONE, "test.", None, (), ds=ds, keys={server: keys})
    problem = judge_keys(zone, server, datetime.now(UTC))
    assert (problem is None) == (algorithm == 200), "an algorithm that nobody supports counts as unsigned"


def test_many_keys_of_one_tag_cost_no_more_than_a_few():
    # two halves of a key may be swapped octet pair by octet pair without changing the sum that is its tag
    pairs = [secrets.token_bytes(2) for _ in range(32)]
    keys = []
    for number in range(60):
        octets = b"".join(pairs[number % 32 :] + pairs[: number % 32])
        keys.append(dns.rdata.from_wire("IN", "DNSKEY", b"\x01\x01\x03\x0d" + octets, 0, 68))
    kept = few_of_each_tag(dns.rrset.from_rdata_list(ZONE, 300, keys))
    assert len({dns.dnssec.key_id(key) for key in keys}) == 1
    assert 0 < len(kept) <= 4
