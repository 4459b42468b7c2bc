"""Certificates: both kinds of key, every address, weak ones, and whose they are."""

from __future__ import annotations

import ssl
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.verify.certificates import Authority
from tests.verify.edges import Edge, endpoint
from tests.verify.world import World, errors, expect, rules

HOST = "url.example.test"
RSA_2048 = rsa.generate_private_key(65537, 2048)


def check(world, authority, **changes):
    return world.verify(expect(endpoints=[endpoint(http="off", **changes)]), ca=authority.file)


@pytest.mark.parametrize(
    ("names", "options", "expected"),
    [
        ([HOST], {}, set()),
        (["old.test"], {}, {"tls.name-mismatch"}),
        ([HOST], {"days": (-30, -1)}, {"tls.expired"}),
        ([HOST], {"chain": False}, {"tls.incomplete-chain"}),
    ],
)
def test_the_rsa_certificate_beside_the_ecdsa_one_is_judged_too(tmp_path, names, options, expected):
    authority = Authority(tmp_path)
    context = authority.context(HOST)
    authority.add(context, *names, key=RSA_2048, **options)
    with World(tmp_path) as world:
        Edge(world, context)
        result = check(world, authority)
    assert errors(result) == expected
    assert all("(the RSA certificate)" in finding.observed for finding in result.findings)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (RSA_2048, set()),
        (rsa.generate_private_key(65537, 1024), {"tls.weak-key"}),
        (ec.generate_private_key(ec.SECP384R1()), set()),
    ],
)
def test_a_key_that_is_too_short(tmp_path, key, expected):
    authority = Authority(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    authority.add(context, HOST, key=key)
    with World(tmp_path) as world:
        Edge(world, context)
        assert errors(check(world, authority)) == expected


@pytest.mark.parametrize(("digest", "expected"), [("sha1", {"tls.weak-signature"}), ("sha256", set())])
def test_a_signature_with_sha1(tmp_path, digest, expected):
    file = tmp_path / "leaf.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", f"-{digest}", "-nodes", "-subj", "/CN=leaf", "-days", "90",
         "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(file), "-out", str(tmp_path / "cert.pem")],
        check=True, capture_output=True, timeout=30,
    )  # fmt: skip
    file.write_text(file.read_text() + (tmp_path / "cert.pem").read_text())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(file)
    with World(tmp_path) as world:
        Edge(world, context)
        result = world.verify(expect(endpoints=[endpoint(http="off", tls={"trust": "any"})]))
    assert errors(result) == expected


def test_a_renewal_that_has_reached_some_addresses_only(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        world.vendor.set("edge.vendor.test.", "A", ["127.61.10.1", "127.61.10.2"])
        Edge(world, authority.context(HOST, days=(-80, 10)))
        Edge(world, authority.context(HOST, days=(-1, 89)), address="127.61.10.2")
        result = check(world, authority)
    assert [(f.rule, f.vantage.address) for f in result.findings] == [("tls.renewed-in-part", "127.61.10.1")]
    assert result.verdict == "proven"


def test_a_renewal_in_good_time_is_silent_while_it_spreads(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        world.vendor.set("edge.vendor.test.", "A", ["127.61.10.1", "127.61.10.2"])
        Edge(world, authority.context(HOST, days=(-60, 30)))
        Edge(world, authority.context(HOST, days=(-1, 89)), address="127.61.10.2")
        assert check(world, authority).findings == ()


@pytest.mark.parametrize(
    ("name", "edge", "says"),
    [
        ("*.sendgrid.net", "cloudfront", "SendGrid's own certificate"),
        ("*.cloudfront.net", "cloudfront", "CloudFront's own certificate"),
        ("default.ssl.fastly.net", "fastly", "Fastly's own certificate"),
        ("*.azureedge.net", "azure", "Azure's own certificate"),
        ("notsendgrid.net", "cloudfront", "does not cover the host"),
    ],
)
def test_a_known_certificate_of_somebody_else_is_named(tmp_path, name, edge, says):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context(name), signs=edge)
        (finding,) = check(world, authority, edge=edge).findings
    assert finding.rule == "tls.name-mismatch"
    assert says in finding.why


def test_one_kind_of_certificate_is_enough(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context(HOST, key=RSA_2048))
        result = check(world, authority)
    assert (result.verdict, rules(result)) == ("proven", set())
