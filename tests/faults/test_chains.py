"""Odd chains: what a path checker lets through and browsers refuse, what it refuses and browsers take, and why there is no path."""

from __future__ import annotations

import ssl

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from linkproof.verify.observe.edge.certificates import trusting_context, verifying_context
from linkproof.verify.rules.registry import RULES

from tests.chains import CLIENTS_ONLY, ec_key, intermediate, key_pem, leaf, pem, root, rsa_key, rsassa_pss, usage
from tests.verify.edges import Edge, endpoint
from tests.verify.world import World, errors, expect

SIGNS = usage(digital_signature=True)
DECRYPTS = usage(key_encipherment=True)
STRANGER = intermediate("Stranger", key=ec_key("stranger"))
SECOND = intermediate("Second", "Test Intermediate", key=ec_key("second"), signer=ec_key("intermediate"))
OF_SECOND = {"issuer": "Second", "signer": ec_key("second")}


def judge(tmp_path, sent: bytes, key: bytes, anchor=None):
    """Verify a host whose server sends this, with this anchor."""
    file, ca = tmp_path / "server.pem", tmp_path / "anchor.pem"
    file.write_bytes(sent + key)
    ca.write_bytes(pem(anchor or root()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(file)
    with World(tmp_path) as world:
        Edge(world, context)
        return world.verify(expect(endpoints=[endpoint(http="off")]), ca=ca)


def judged(tmp_path, own, *rest, key=None, anchor=None):
    return judge(tmp_path, pem(own, *rest), key_pem(key or ec_key("leaf")), anchor)


P521 = ec.generate_private_key(ec.SECP521R1())
ED25519 = ed25519.Ed25519PrivateKey.generate()


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"key": P521}, "tls.unusable-key"),
        ({"key": ED25519}, "tls.unusable-key"),
        ({"key": ec.generate_private_key(ec.SECP384R1())}, ""),
        ({"key": rsa_key()}, ""),
        ({"key_usage": DECRYPTS}, "tls.key-usage"),
        ({"key_usage": SIGNS}, ""),
        ({"subject": ""}, "tls.empty-subject"),
        ({"subject": "", "names_are_critical": True}, ""),
        ({"digest": hashes.SHA224()}, "tls.weak-signature"),
        ({"digest": hashes.SHA384()}, ""),
        ({"purposes": CLIENTS_ONLY}, "tls.wrong-purpose"),
    ],
)
def test_what_browsers_refuse_of_a_leaf(tmp_path, options, rule):
    result = judged(tmp_path, leaf(**options), intermediate(), key=options.get("key"))
    assert errors(result) == ({rule} if rule else set())
    assert result.verdict == ("differs" if rule else "proven")


def test_a_key_for_rsassa_pss_alone_is_unusable(tmp_path):
    own, key = rsassa_pss(tmp_path / "pss")
    result = judge(tmp_path, own + pem(intermediate()), key)
    assert errors(result) == {"tls.unusable-key"}
    assert result.findings[0].observed == "RSASSA-PSS"


@pytest.mark.parametrize(
    ("options", "rule", "observed"),
    [
        ({"key": rsa_key(1024)}, "tls.weak-key", "1024 bits (intermediate 1)"),
        ({"digest": hashes.SHA224()}, "tls.weak-signature", "sha224 (intermediate 1)"),
        ({"ca": False}, "tls.invalid-chain", "invalid CA certificate"),
        ({"purposes": CLIENTS_ONLY}, "tls.wrong-purpose", ""),
        ({"key_usage": SIGNS}, "tls.invalid-chain", ""),
    ],
)
def test_what_browsers_refuse_of_an_intermediate(tmp_path, options, rule, observed):
    signer = options.get("key", ec_key("intermediate"))
    (finding,) = judged(tmp_path, leaf(signer=signer), intermediate(**options)).findings
    assert finding.rule == rule
    assert observed in finding.observed


def test_an_anchor_that_has_expired_is_a_fault_of_its_own(tmp_path):
    old = root(days=(-900, -1))
    (finding,) = judged(tmp_path, leaf(), intermediate(), anchor=old).findings
    assert finding.rule == "tls.anchor-expired"
    assert "Test Root expired" in finding.observed


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_intermediates_with_one_name_and_key_the_valid_one_counts(tmp_path, turned):
    pair = [intermediate(days=(-900, -1)), intermediate()]
    result = judged(tmp_path, leaf(), *(reversed(pair) if turned else pair))
    assert (result.verdict, result.findings) == ("proven", ())


def test_two_that_have_expired_are_expired(tmp_path):
    result = judged(tmp_path, leaf(), intermediate(days=(-900, -1)), intermediate(days=(-900, -2)))
    assert errors(result) == {"tls.expired"}


def test_dates_hide_nothing_that_comes_below_them(tmp_path):
    """OpenSSL goes down from the anchor and stops at the first fault; another signature on the leaf is below the date."""
    foreign = leaf(signer=ec_key("stranger"), issuer_key=ec_key("intermediate"))
    assert errors(judged(tmp_path, foreign, intermediate(days=(-900, -1)))) == {"tls.invalid-chain"}


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ((leaf(),), "the issuer of the leaf (CN=Test Intermediate)"),
        ((leaf(), STRANGER), "the issuer of the leaf (CN=Test Intermediate)"),
        ((leaf(), root()), "the issuer of the leaf (CN=Test Intermediate)"),
        ((leaf(**OF_SECOND), SECOND, root()), "the issuer of CN=Second (CN=Test Intermediate)"),
        (
            (
                leaf(**OF_SECOND),
                intermediate(
                    "Second",
                    "Test Intermediate",
                    key=ec_key("second"),
                    signer=ec_key("intermediate"),
                    issuer_url="http://ca.test/1",
                ),
            ),
            "the issuer of CN=Second (CN=Test Intermediate)",
        ),
        ((leaf(), intermediate(key=ec_key("stranger"))), "is sent has another key"),
    ],
)
def test_a_missing_intermediate_is_an_incomplete_chain_however_many_were_sent(tmp_path, sent, says):
    (finding,) = judged(tmp_path, *sent).findings
    assert finding.rule == "tls.incomplete-chain"
    assert says in finding.why


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ((leaf(), intermediate()), "its issuer (CN=Test Root) is neither sent nor a trust anchor"),
        ((leaf(), intermediate(), root()), "the root CN=Test Root, which is no anchor"),
        ((leaf("leaf", signer=ec_key("leaf")),), "a self-signed certificate"),
    ],
)
def test_a_private_root_and_a_self_signed_certificate_have_their_own_advice(tmp_path, sent, says):
    other = root(key=ec_key("another root"))
    (finding,) = judged(tmp_path, *sent, anchor=other).findings
    assert finding.rule == "tls.not-trusted"
    assert says in finding.observed
    assert ("replace what the server made for itself" in finding.fix) == ("self-signed" in says)


def test_no_two_causes_share_an_advice():
    rules = ("tls.anchor-expired", "tls.incomplete-chain", "tls.not-trusted", "tls.wrong-purpose", "tls.invalid-chain")
    assert len({RULES[rule].fix for rule in rules}) == len(rules)


@pytest.mark.parametrize("make", [trusting_context, lambda: verifying_context(None)])
def test_python_3_13_judges_as_the_others_do(monkeypatch, make):
    """Its usual context demands what browsers do not, and takes any certificate that is given for an anchor."""
    usual = ssl.create_default_context

    def as_in_python_3_13(**options):
        context = usual(**options)
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN | ssl.VerifyFlags.VERIFY_X509_STRICT
        return context

    before = make().verify_flags
    monkeypatch.setattr(ssl, "create_default_context", as_in_python_3_13)
    assert make().verify_flags == before == ssl.VerifyFlags.VERIFY_X509_TRUSTED_FIRST


def test_an_intermediate_that_is_given_is_no_anchor(tmp_path):
    assert errors(judged(tmp_path, leaf(), intermediate(), anchor=intermediate())) == {"tls.not-trusted"}
