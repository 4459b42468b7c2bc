"""Signed zones that validate today and are not well looked after: signatures about to end, weak keys, denials without proof."""

from __future__ import annotations

from collections import Counter

import dns.dnssec
import dns.flags
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.faults.signers import Signed, SignedWithNsec3
from tests.faults.test_dnssec import ZONE, SignedWorld
from tests.verify.world import CLICK, errors, rules

DAY = 86400


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((-20, 0.25), {"dns.dnssec-expires-soon"}),
        ((-20, 1.5), {"dns.dnssec-expires-soon"}),
        ((-13, 1.4), set()),  # a tenth: Knot renews just now
        ((-60, 4), set()),  # a twentieth, but days to look at it
        ((-1, 1), set()),  # of two days, made live
        ((-0.04, 0.04), set()),
    ],
)
def test_a_signature_ends_soon_by_what_is_left_of_its_lifetime_and_by_the_clock(tmp_path, days, expected):
    with SignedWorld(tmp_path) as world:
        for server in (world.first, world.second):
            server.window = tuple(int(day * DAY) for day in days)
        result = world.verify()
    assert (rules(result), result.verdict) == (expected, "proven")
    assert {(f.severity, f.id) for f in result.findings} <= {("warning", "zone/example.test")}, "once for each server"
    assert len(result.findings) == 2 * len(expected)


def test_a_record_whose_signature_alone_ends_soon_is_its_own_finding(tmp_path):
    with SignedWorld(tmp_path) as world:
        world.second.windows["CNAME"] = (-20 * DAY, DAY // 4)
        result = world.verify()
    assert [(f.rule, f.severity, f.id, f.vantage.address) for f in result.findings] == [
        ("dns.dnssec-expires-soon", "warning", "link/click", "127.61.3.2")
    ]
    assert CLICK in result.findings[0].expected


class LosesTwoOfThree(Signed):
    """A bad path: of each question for signatures the first two packets are lost."""

    def __init__(self):
        super().__init__()
        self.lost = Counter()

    def respond(self, query, name, record_type, *, tcp):
        if not tcp and (query.ednsflags & dns.flags.DO or query.edns < 0):
            self.lost[name, record_type] += 1
            if self.lost[name, record_type] <= 2:
                return None
        return super().respond(query, name, record_type, tcp=tcp)


def test_loss_on_the_way_is_no_missing_signature(tmp_path):
    with SignedWorld(tmp_path, LosesTwoOfThree) as world:
        result = world.verify(timeout_seconds=0.3, attempts=3)
    assert (result.verdict, result.findings) == ("proven", ())


class SignedByRsa(Signed):
    """RSA; a subclass says with which hash and how many bits."""

    algorithm, bits = 8, 2048

    def __init__(self):
        super().__init__()
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=self.bits)


class SignedBySha1(SignedByRsa):
    algorithm = 5


class SignedByShortKey(SignedByRsa):
    bits = 1024


@pytest.mark.parametrize(
    ("kind", "expected", "observed"),
    [(SignedBySha1, "dns.dnssec-weak", "RSA with SHA-1"), (SignedByShortKey, "dns.dnssec-weak", "1024"), (SignedByRsa, "", "")],
)  # fmt: skip
def test_a_weak_algorithm_or_key_is_one_warning_for_the_zone(tmp_path, kind, expected, observed):
    with SignedWorld(tmp_path, kind) as world:
        result = world.verify()
    assert [(f.rule, f.severity, f.id) for f in result.findings] == [(expected, "warning", "zone/example.test")] * bool(
        expected
    )
    assert all(observed in finding.observed for finding in result.findings)
    assert result.verdict == "proven"


def test_a_digest_of_sha1_is_weak_only_where_it_stands_alone(tmp_path):
    with SignedWorld(tmp_path) as world:
        old = dns.dnssec.make_ds(ZONE, world.first.key, "SHA1", policy=dns.dnssec.allow_all_policy).to_text()
        world.tld.set(ZONE, "DS", [old, world.first.ds(ZONE)])
        beside = world.verify()
        world.tld.set(ZONE, "DS", [old])
        alone = world.verify()
    assert beside.findings == ()
    assert [(f.rule, f.severity, f.vantage.address) for f in alone.findings] == [
        ("dns.dnssec-weak", "warning", "127.61.1.1")
    ]


def test_a_short_key_that_signs_nothing_any_more_is_no_fault(tmp_path):
    with SignedWorld(tmp_path) as world:
        world.first.partners = world.second.partners = [SignedByShortKey()]
        result = world.verify()
    assert (result.verdict, result.findings) == ("proven", ())


def _without_proofs(server):
    server.proves_denials = False


def _unsigned_proofs(server):
    server.unsigned.add("NSEC")


def _old_proofs(server):
    server.windows["NSEC"] = (-2 * DAY, -DAY)


def _proofs_of_other_names(server):
    server.spoil = lambda *_: [(ZONE, "NSEC", f"a.{ZONE} NS SOA RRSIG NSEC")]


@pytest.mark.parametrize(
    ("fault", "rule", "observed"),
    [
        (_without_proofs, "dns.dnssec-bogus", "NXDOMAIN without NSEC or NSEC3"),
        (_unsigned_proofs, "dns.dnssec-bogus", "no RRSIG for the NSEC"),
        (_old_proofs, "dns.dnssec-expired", "expired"),
        (_proofs_of_other_names, "dns.dnssec-bogus", "an NSEC of other names"),
    ],
)
def test_a_denial_without_its_proof_is_an_error_of_that_server(tmp_path, fault, rule, observed):
    with SignedWorld(tmp_path) as world:
        fault(world.second)
        result = world.verify()
    assert [(f.rule, f.severity, f.id, f.vantage.address) for f in result.findings] == [
        (rule, "error", "zone/example.test", "127.61.3.2")
    ]
    assert observed in result.findings[0].observed
    assert "CAA" in result.findings[0].why


def test_a_wildcard_that_answers_for_every_name_denies_nothing(tmp_path):
    with SignedWorld(tmp_path) as world:
        for server in (world.first, world.second):
            server.set("*.example.test.", "A", ["127.61.10.1"])
            server.proves_denials = False
        result = world.verify()
    assert errors(result) == set()


def test_an_unsigned_zone_owes_no_proof(tmp_path):
    with SignedWorld(tmp_path) as world:
        world.tld.set(ZONE, "DS", None)
        world.first.proves_denials = world.second.proves_denials = False
        result = world.verify()
    assert (result.verdict, result.findings) == ("proven", ())


@pytest.mark.parametrize(("iterations", "expected"), [(0, set()), (50, set()), (51, {"dns.nsec3-iterations"})])
def test_many_iterations_of_nsec3_are_a_warning(tmp_path, iterations, expected):
    with SignedWorld(tmp_path, SignedWithNsec3) as world:
        world.first.iterations = world.second.iterations = iterations
        result = world.verify()
    assert (rules(result), errors(result), result.verdict) == (expected, set(), "proven")
