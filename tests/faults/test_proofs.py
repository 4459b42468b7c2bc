"""Each step of the proof that a name does not exist, and unbound's and named's opinion of the same answers."""

from __future__ import annotations

import dns.dnssec
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkproof.verify.judge import proof_nsec, proof_nsec3

from tests.faults.daemon import ask
from tests.faults.named import ADDRESS as NAMED
from tests.faults.named import named_resolver
from tests.faults.real import RESOLVER, unbound
from tests.faults.signers import Signed, SignedWithNsec3
from tests.faults.test_dnssec import ZONE, SignedWorld
from tests.verify.world import CLICK, TARGET, errors, rules

NOBODY, WILD = "lp-0123456789ab.example.test.", "*.example.test."


class Narrow(SignedWithNsec3):
    narrow = True


class OptOut(Narrow):
    opt_out = True


def both(world, **changes):
    for server in (world.first, world.second):
        for name, value in changes.items():
            setattr(server, name, value)


def set_both(world, name, record_type, values):
    for server in (world.first, world.second):
        server.set(name, record_type, values)


def of_the_name(types):
    return lambda _, name: [(name, "NSEC", f"\\000.{name} {types}")]


def opinions(world, folder, name, record_type):
    """The codes of two validating resolvers for a question."""
    ds = world.first.ds(ZONE)
    with (
        unbound(folder, world.port, {ZONE: [ds]}, stubs={ZONE: "127.61.3.2"}),
        named_resolver(folder, world.port, world.hints, {ZONE: ds}),
    ):
        return {
            who: ask(address, world.port, name, record_type, recursive=True, seconds=5).rcode()
            for who, address in (("unbound", RESOLVER), ("named", NAMED))
        }


HEALTHY = [
    (Signed, {}),
    (SignedWithNsec3, {}),
    (Narrow, {}),
    # RFC 9824, as Cloudflare and Route 53 answer
    (Signed, {"says": dns.rcode.NOERROR, "spoil": of_the_name("RRSIG NSEC NXNAME")}),
    # as they answered before there was an NXNAME
    (Signed, {"says": dns.rcode.NOERROR, "spoil": of_the_name("TXT RRSIG NSEC")}),
    (OptOut, {}),
    # something unsigned may stand there (RFC 5155 §6)
    (OptOut, {"says": dns.rcode.NOERROR, "spoil": lambda proofs, _: proofs[:2]}),
    # not signed at all, as far as resolvers care
    (Narrow, {"iterations": 151, "spoil": lambda proofs, _: proofs[:1]}),
]


@pytest.mark.parametrize(("kind", "changes"), HEALTHY)
def test_a_whole_proof_is_silent_and_resolvers_accept_it(tmp_path, kind, changes):
    with SignedWorld(tmp_path, kind) as world:
        set_both(world, "a.example.test.", "A", ["127.61.10.1"])
        both(world, **changes)
        result = world.verify()
        said = opinions(world, tmp_path, NOBODY, "A")
    assert rules(result) <= {"dns.nsec3-iterations"}
    assert result.verdict == "proven"
    assert dns.rcode.SERVFAIL not in said.values()


BROKEN = [
    (Signed, {"spoil": lambda proofs, _: proofs[:1]}, f"no NSEC that denies {WILD}"),
    (Signed, {"spoil": lambda proofs, _: proofs[1:]}, "an NSEC of other names"),
    (Signed, {"says": dns.rcode.NOERROR}, f"NOERROR, and an NSEC neither of the name nor of {WILD}"),
    (Signed, {"says": dns.rcode.NOERROR, "spoil": of_the_name("A RRSIG NSEC")}, "no answer, and an NSEC of lp-"),
    (Signed, {"spoil": of_the_name("TXT RRSIG NSEC")}, "NXDOMAIN, and an NSEC of lp-"),
    # only who asks with CO may be told so (RFC 9824 §5)
    (Signed, {"spoil": of_the_name("RRSIG NSEC NXNAME")}, "NXDOMAIN, and an NSEC of lp-"),
    (
        Signed,
        {"spoil": lambda proofs, _: [proofs[0], (WILD, "NSEC", f"a.{ZONE} TXT RRSIG NSEC")]},
        f"NXDOMAIN, and an NSEC of {WILD}",
    ),
    (
        Signed,
        {"says": dns.rcode.NOERROR, "spoil": lambda proofs, _: [proofs[0], (WILD, "NSEC", f"a.{ZONE} A RRSIG NSEC")]},
        f"no answer, and an NSEC of {WILD} with A",
    ),
    (Narrow, {"spoil": lambda proofs, _: proofs[1:]}, "NSEC3 of no name above lp-"),
    (Narrow, {"spoil": lambda proofs, _: proofs[::2]}, "no NSEC3 that covers the hash of lp-"),
    (Narrow, {"spoil": lambda proofs, _: proofs[:2]}, f"no NSEC3 that covers the hash of {WILD}"),
    (OptOut, {"spoil": lambda proofs, _: proofs[:2]}, f"no NSEC3 that covers the hash of {WILD}"),
    (Narrow, {"says": dns.rcode.NOERROR}, "NOERROR, and an NSEC3 neither of lp-"),
    (Narrow, {"iterations": 50, "spoil": lambda proofs, _: proofs[:2]}, "no NSEC3 that covers"),
]


@pytest.mark.parametrize(("kind", "changes", "observed"), BROKEN)
def test_a_step_that_is_missing_is_found_and_resolvers_fail(tmp_path, kind, changes, observed):
    with SignedWorld(tmp_path, kind) as world:
        set_both(world, "a.example.test.", "A", ["127.61.10.1"])
        both(world, **changes)
        result = world.verify()
        said = opinions(world, tmp_path, NOBODY, "A")
    assert [(f.rule, f.severity, f.id, f.vantage.address) for f in result.findings] == [
        ("dns.dnssec-bogus", "error", "zone/example.test", address) for address in ("127.61.3.1", "127.61.3.2")
    ]
    assert observed in result.findings[0].observed
    assert result.findings[0].reproduce.endswith(" A")
    # unbound makes an empty answer of NXDOMAIN beside a record of the name's or the wildcard's own
    assert said["named"] == dns.rcode.SERVFAIL
    assert said["unbound"] == dns.rcode.SERVFAIL or observed.startswith("NXDOMAIN, and an NSEC")


def test_a_wildcard_without_the_type_is_proven_by_its_own_record(tmp_path):
    for number, kind in enumerate((Signed, SignedWithNsec3, Narrow)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with SignedWorld(folder, kind) as world:
            set_both(world, WILD, "TXT", ["for every name"])
            result = world.verify()
            said = opinions(world, folder, NOBODY, "A")
        assert (result.verdict, result.findings) == ("proven", ())
        assert set(said.values()) == {dns.rcode.NOERROR}


@pytest.mark.parametrize("kind", [Signed, SignedWithNsec3, Narrow])
def test_a_wildcard_in_the_place_of_the_record_with_its_proof_is_no_more_than_masked(tmp_path, kind):
    with SignedWorld(tmp_path, kind) as world:
        instead_of_the_record(world)
        result = world.verify()
        said = opinions(world, tmp_path, CLICK, "CNAME")
    assert (rules(result), errors(result)) == ({"dns.masked-by-wildcard"}, set())
    assert set(said.values()) == {dns.rcode.NOERROR}


@pytest.mark.parametrize(
    ("kind", "changes", "observed"),
    [
        (Signed, {"proves_denials": False}, "no NSEC or NSEC3"),
        (Narrow, {"proves_denials": False}, "no NSEC or NSEC3"),
        (Signed, {"spoil": lambda *_: [(ZONE, "NSEC", f"a.{ZONE} NS SOA RRSIG NSEC")]}, "an NSEC of other names"),
        (
            Signed,
            {"spoil": lambda *_: [(f"ns2.{ZONE}", "NSEC", f"x.{CLICK} A RRSIG NSEC")]},
            f"an NSEC by which {CLICK} exists",
        ),
        (Narrow, {"covers_name": slice(0, 1)}, f"no NSEC3 that covers the hash of {CLICK}"),
        (Signed, {"unsigned": {"NSEC"}}, "no RRSIG for the NSEC"),
    ],
)
def test_a_wildcards_answer_without_its_proof_is_the_records_fault_at_each_server(tmp_path, kind, changes, observed):
    with SignedWorld(tmp_path, kind) as world:
        instead_of_the_record(world)
        both(world, **changes)
        result = world.verify()
        said = opinions(world, tmp_path, CLICK, "CNAME")
    ours = [f for f in result.findings if f.id == "link/click"]
    assert [(f.rule, f.severity, f.vantage.address) for f in ours] == [
        ("dns.dnssec-bogus", "error", address) for address in ("127.61.3.1", "127.61.3.2")
    ]
    assert observed in ours[0].observed
    assert set(said.values()) == {dns.rcode.SERVFAIL}


def instead_of_the_record(world):
    both(world, expands_wildcards=True)
    set_both(world, CLICK, "CNAME", None)
    set_both(world, WILD, "CNAME", [TARGET])


def test_the_record_itself_beside_a_wildcard_needs_no_proof(tmp_path):
    with SignedWorld(tmp_path) as world:
        both(world, expands_wildcards=True, proves_denials=False)
        set_both(world, WILD, "CNAME", [TARGET])
        result = world.verify()
    assert errors(result) == set()


# RFC 5155, appendix A: the zone `example.`, signed with 12 iterations, salt aabbccdd and opt-out.
EXAMPLE = dict(
    line.split(" ", 1)
    for line in """
0p9mhaveqvm6t7vbl5lop2u3t2rp3tom 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS SOA NSEC3PARAM RRSIG
2t7b4g4vsa5smi47k61mv5bv1a22bojr 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG
35mthgpgcu1qg68fab165klnsnk3dpvl b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG
b4um86eghhds6nea196smvmlo4ors995 gjeqe526plbf1g8mklp59enfd789njgi MX RRSIG
k8udemvp1j2f7eg6jebps17vp3n8i58h kohar7mbb8dc2ce8a9qvl8hon4k53uhi
q04jkcevqvmu85r014c7dkba38o0ji5r r53bq7cc2uvmubfu5ocmm6pers9tk9en A RRSIG
r53bq7cc2uvmubfu5ocmm6pers9tk9en t644ebqk9bibcna874givr6joj62mlhv MX RRSIG
""".strip().splitlines()
)


def rfc_5155(*owners):
    return [
        (
            dns.name.from_text(f"{owner}.example."),
            dns.rdata.from_text("IN", "NSEC3", f"1 1 12 aabbccdd {EXAMPLE[owner]}".rstrip()),
        )
        for owner in owners
    ]


@pytest.mark.parametrize(
    ("name", "types", "is_nxdomain", "owners"),
    [
        ("a.c.x.w.example.", ["A"], True, ["0p9mhaveqvm6t7vbl5lop2u3t2rp3tom", "b4um86eghhds6nea196smvmlo4ors995", "35mthgpgcu1qg68fab165klnsnk3dpvl"]),
        ("ns1.example.", ["MX"], False, ["2t7b4g4vsa5smi47k61mv5bv1a22bojr"]),
        ("a.z.w.example.", ["AAAA"], False, ["k8udemvp1j2f7eg6jebps17vp3n8i58h", "q04jkcevqvmu85r014c7dkba38o0ji5r", "r53bq7cc2uvmubfu5ocmm6pers9tk9en"]),
    ],
)  # fmt: skip
def test_the_examples_of_rfc_5155_hold_and_lack_nothing_that_is_in_them(name, types, is_nxdomain, owners):
    def missing(*chosen):
        asked, zone = dns.name.from_text(name), dns.name.from_text("example.")
        return proof_nsec3.missing_denial(rfc_5155(*chosen), asked, zone, types, is_nxdomain=is_nxdomain)

    assert missing(*owners) == ""
    for owner in owners[:2]:
        assert missing(*(one for one in owners if one != owner))


def test_the_wildcard_of_rfc_5155_may_stand_for_the_name_with_its_proof():
    name, zone = dns.name.from_text("a.z.w.example."), dns.name.from_text("example.")
    encloser = dns.name.from_text("w.example.")
    proven = rfc_5155("q04jkcevqvmu85r014c7dkba38o0ji5r")
    assert proof_nsec3.missing_expansion(proven, name, zone, encloser) == ""
    assert proof_nsec3.missing_expansion(rfc_5155("r53bq7cc2uvmubfu5ocmm6pers9tk9en"), name, zone, encloser)


def nsec(owner, text):
    return dns.name.from_text(owner), dns.rdata.from_text("IN", "NSEC", text, relativize=False)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        # RFC 4035, appendix B.2: ml.example.
        ([nsec("b.example.", "ns1.example. NS RRSIG NSEC"), nsec("example.", "a.example. NS SOA RRSIG NSEC")], ""),
        # RFC 6840 §4.1: neither a delegation nor a DNAME above the name says anything of it
        ([nsec("deep.example.", "ns1.example. NS RRSIG NSEC"), nsec("example.", "a.example. NS SOA RRSIG NSEC")], ""),
        ([nsec("xx.example.", "example. A RRSIG NSEC")], "an NSEC of other names"),
    ],
)
def test_the_example_of_rfc_4035_holds(records, expected):
    asked, zone = dns.name.from_text("ml.example."), dns.name.from_text("example.")
    found = proof_nsec.missing_denial(records, asked, zone, ["A"], is_nxdomain=True)
    assert found.startswith(expected)
    assert bool(found) == bool(expected)


@pytest.mark.parametrize("types", ["NS RRSIG NSEC", "DNAME RRSIG NSEC"])
def test_what_leads_elsewhere_denies_nothing_below_it(types):
    records = [nsec("sub.example.", f"z.example. {types}"), nsec("example.", "a.example. NS SOA RRSIG NSEC")]
    zone = dns.name.from_text("example.")
    below, beside = dns.name.from_text("x.sub.example."), dns.name.from_text("t.example.")
    assert proof_nsec.missing_denial(records, below, zone, ["A"], is_nxdomain=True)
    assert proof_nsec.missing_denial(records, beside, zone, ["A"], is_nxdomain=True) == ""


def test_a_hostile_number_of_iterations_is_not_hashed(monkeypatch):
    def refuse(*_):
        raise AssertionError("hashed")

    monkeypatch.setattr(dns.dnssec, "nsec3_hash", refuse)
    record = dns.rdata.from_text("IN", "NSEC3", "1 0 65535 ab 2t7b4g4vsa5smi47k61mv5bv1a22bojr A RRSIG")
    owner, zone = dns.name.from_text("0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example."), dns.name.from_text("example.")
    assert proof_nsec3.missing_denial([(owner, record)], zone, zone, ["A"], is_nxdomain=True) == ""
    assert proof_nsec3.missing_expansion([(owner, record)], owner, zone, zone) == ""


LABELS = st.lists(st.binary(min_size=1, max_size=63), max_size=3)


@settings(max_examples=300, deadline=None)
@given(
    owners=st.lists(st.tuples(LABELS, st.integers(0, 3), st.integers(0, 3), st.binary(max_size=4), st.binary(min_size=1, max_size=40)), max_size=4),
    name=st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=4),
    labels=st.integers(0, 4),
    is_nxdomain=st.booleans(),
)  # fmt: skip
def test_records_of_any_octets_prove_something_or_nothing_and_never_crash(owners, name, labels, is_nxdomain):
    zone = dns.name.from_text("example.")
    asked = dns.name.Name((*name, b"example", b""))
    encloser = asked.split(min(labels + 1, len(asked) - 1))[1]
    by_hash, by_name = [], []
    for parts, algorithm, flags, salt, after in owners:
        owner = dns.name.Name((*parts, b"example", b""))
        wire = bytes([algorithm, flags, 0, 1, len(salt)]) + salt + bytes([len(after)]) + after + b"\x00\x01\x40"
        by_hash.append((owner, dns.rdata.from_wire("IN", "NSEC3", wire, 0, len(wire))))
        wire = dns.name.Name((after[:20], b"example", b"")).to_wire() + b"\x00\x01\x40"
        by_name.append((owner, dns.rdata.from_wire("IN", "NSEC", wire, 0, len(wire))))
    for module, records in ((proof_nsec3, by_hash), (proof_nsec, by_name)):
        assert isinstance(module.missing_denial(records, asked, zone, ["A"], is_nxdomain=is_nxdomain), str)
        if encloser.is_subdomain(zone):
            assert isinstance(module.missing_expansion(records, asked, zone, encloser), str)
