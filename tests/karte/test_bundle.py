"""The two files for KARTE: what is taken, what is put right, and each refusal by a certificate or key that earns it."""

from __future__ import annotations

import re
import shutil
import ssl
import stat
import subprocess
from pathlib import Path

import linkproof.karte
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from linkproof.errors import LinkproofError

from tests.chains import (
    CLIENTS_ONLY,
    certificate,
    ec_key,
    intermediate,
    key_pem,
    pem,
    root,
    rsa_key,
    rsassa_pss,
    usage,
)
from tests.karte.conftest import HOST, own

SECOND = {"issuer": "Second", "signer": ec_key("second")}
ISSUES_SECOND = {"key": ec_key("second"), "signer": ec_key("intermediate")}
P521 = ec.generate_private_key(ec.SECP521R1())
PKCS1 = serialization.PrivateFormat.TraditionalOpenSSL


def labels(text: str) -> list[str]:
    return re.findall(r"-----BEGIN ([A-Z ]+)-----", text)


def test_two_files_in_nginx_order_with_a_pkcs1_key_for_the_user_alone(files):
    made = files.bundle()
    certificates, key = made.certificate_file.read_text(), made.key_file.read_text()
    assert certificates.encode() == files.cert
    assert key.encode() == key_pem(rsa_key(), PKCS1)
    assert labels(certificates) == ["CERTIFICATE", "CERTIFICATE"]
    assert labels(key) == ["RSA PRIVATE KEY"]
    assert stat.S_IMODE(made.key_file.stat().st_mode) == 0o600
    assert made.notes == ()
    assert re.fullmatch(r"t\.example\.com-until-\d{4}-\d\d-\d\d\.crt", made.certificate_file.name)


def test_nothing_is_ever_overwritten(files):
    made = files.bundle()
    before = made.key_file.read_bytes()
    made.certificate_file.unlink()
    files.cert, files.key = pem(own(key=rsa_key(2048, "new")), intermediate()), key_pem(rsa_key(2048, "new"))
    with pytest.raises(LinkproofError, match="is there already"):
        files.bundle()
    assert made.key_file.read_bytes() == before
    assert not made.certificate_file.exists(), "both or none"


def test_a_certificate_of_45_days_is_taken(files):
    files.cert = pem(own(days=(-1, 44)), intermediate())
    assert files.bundle().notes == ()


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_takes_the_two_files(files, tmp_path):
    made = files.bundle()
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\nhttp {{ access_log off; server {{ listen 127.0.0.1:1 ssl; "
        f"ssl_certificate {made.certificate_file}; ssl_certificate_key {made.key_file}; }} }}\n"
    )
    done = subprocess.run(["nginx", "-t", "-q", "-c", config], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ((intermediate(), own()), "another order"),
        ((own(), intermediate(), root()), "the root CN=Test Root is left out"),
        ((own(), intermediate("Stranger", key=ec_key("stranger")), intermediate()), "no part in the leaf's chain"),
        ((own(), intermediate(days=(-90, -1)), intermediate()), "of the same name is the better one"),
    ],
)
def test_what_can_be_put_right_is_put_right_and_said(files, sent, says):
    files.cert = pem(*sent)
    made = files.bundle()
    assert any(says in note for note in made.notes)
    assert labels(made.certificate_file.read_text()) == ["CERTIFICATE", "CERTIFICATE"]


def test_a_certificate_twice_is_written_once(files):
    files.cert = files.cert + pem(intermediate()) * 1 + files.cert
    made = files.bundle()
    assert any("twice" in note for note in made.notes)
    assert labels(made.certificate_file.read_text()) == ["CERTIFICATE", "CERTIFICATE"]


def test_a_key_that_others_can_read_is_said(files):
    sources = files.sources()
    sources.key.chmod(0o644)
    from datetime import UTC, datetime

    from linkproof.karte.bundle import write_bundle
    from linkproof.names import HostName

    made = write_bundle(HostName(HOST), sources, files.out, datetime.now(UTC))
    assert any("chmod 600" in note for note in made.notes)


EC = ec_key("leaf")
ODD_EXPONENT = rsa.generate_private_key(3, 2048)
DSA = dsa.generate_private_key(2048)
ENCRYPTED = rsa_key().private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
)
ENCRYPTED_OLD = rsa_key().private_bytes(
    serialization.Encoding.PEM, PKCS1, serialization.BestAvailableEncryption(b"secret")
)


@pytest.mark.parametrize(
    ("key", "refusal", "how"),
    [
        (key_pem(EC), "key.kind", "--key-type rsa2048"),
        (key_pem(EC, PKCS1), "key.kind", "KEY_ALGO=rsa"),
        (key_pem(ed25519.Ed25519PrivateKey.generate()), "key.kind", "--keylength 2048"),
        (key_pem(DSA), "key.kind", "uacme --type RSA"),
        (key_pem(rsa_key(4096)), "key.size", "--rsa-key-size 2048"),
        (key_pem(rsa_key(1024)), "key.size", "linkproof karte csr t.example.com"),
        (key_pem(ODD_EXPONENT), "key.exponent", "linkproof karte csr"),
        (ENCRYPTED, "key.encrypted", "openssl rsa"),
        (ENCRYPTED_OLD, "key.encrypted", "openssl rsa"),
        (key_pem(rsa_key(2048, "another")), "key.mismatch", "the key that the request was made with"),
        (key_pem(rsa_key()) * 2, "key.one", "the key alone"),
        (pem(own()), "key.label", "linkproof karte csr"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "key.malformed", "linkproof karte csr"),
    ],
)
def test_each_key_that_karte_does_not_take(files, key, refusal, how):
    files.key = key
    error = files.refused()
    assert [one.id for one in error.refusals] == [refusal]
    assert how in error.fix


def test_a_key_for_rsassa_pss_alone(files, tmp_path):
    certificate_, files.key = rsassa_pss(tmp_path / "pss", names=HOST)
    files.cert = certificate_ + pem(intermediate())
    assert files.ids() == {"key.pss"}


def test_pkcs8_under_the_name_of_pkcs1_is_read(files):
    files.key = files.key.replace(b"BEGIN PRIVATE", b"BEGIN RSA PRIVATE").replace(b"END PRIVATE", b"END RSA PRIVATE")
    assert files.bundle().key_file.read_bytes() == key_pem(rsa_key(), PKCS1)


def test_a_key_that_serves_elsewhere_already(files):
    files.beside = (files.file("www.pem", pem(own(names=("www.example.com",)))),)
    error = files.refused()
    assert [one.id for one in error.refusals] == ["key.used"]
    assert "--always-force-new-domain-key" in error.fix


def test_the_same_key_again_is_noticed_by_what_was_written_before(files):
    files.bundle()
    (files.out / f"{HOST}-until-2026-01-01.crt").write_bytes(pem(own(days=(-90, -1))))
    for file in files.out.glob("*.key"):
        file.unlink()
    assert files.ids() == {"key.used"}


@pytest.mark.parametrize(
    ("sent", "refusals"),
    [
        ((own(names=("*.example.com",)), intermediate()), {"certificate.wildcard"}),
        ((own(names=(HOST, "*.example.com")), intermediate()), {"certificate.wildcard"}),
        ((own(names=(HOST, "www.example.com")), intermediate()), {"certificate.names"}),
        ((own(names=("other.example.com",)), intermediate()), {"tls.name-mismatch"}),
        ((own(names=()), intermediate()), {"tls.name-mismatch"}),
        ((own(days=(-90, -1)), intermediate()), {"tls.expired"}),
        ((own(days=(1, 90)), intermediate()), {"tls.not-yet-valid"}),
        ((own(days=(-88, 2)), intermediate()), {"certificate.too-late"}),
        ((own(), intermediate(days=(-90, 2))), {"certificate.too-late"}),
        ((own(),), {"tls.incomplete-chain"}),
        ((own(), root()), {"tls.incomplete-chain"}),
        ((own(**SECOND), intermediate("Second", "Test Intermediate", **ISSUES_SECOND), root()), {"tls.incomplete-chain"}),
        ((own(), intermediate(days=(-90, -1))), {"tls.expired"}),
        ((own(key_usage=usage(key_encipherment=True)), intermediate()), {"tls.key-usage"}),
        ((own(purposes=CLIENTS_ONLY), intermediate()), {"tls.wrong-purpose"}),
        ((own(subject=""), intermediate()), {"tls.empty-subject"}),
        ((own(digest=hashes.SHA224()), intermediate()), {"tls.weak-signature"}),
        ((own(), intermediate(digest=hashes.SHA224())), {"tls.weak-signature"}),
        ((own(signer=rsa_key(1024)), intermediate(key=rsa_key(1024))), {"tls.weak-key"}),
        ((own(signer=P521), intermediate(key=P521)), {"certificate.ca-key"}),
        ((own(), intermediate(ca=False)), {"tls.invalid-chain"}),
        ((certificate(HOST, HOST, rsa_key(), rsa_key(), names=(HOST,)),), {"tls.not-trusted"}),
    ],
)  # fmt: skip
def test_each_chain_that_karte_or_browsers_refuse(files, sent, refusals):
    files.cert = pem(*sent)
    assert files.ids() == refusals


def test_a_chain_to_a_root_that_nobody_has(files):
    files.anchor = root(key=ec_key("another root"))
    assert files.ids() == {"tls.not-trusted"}


def test_every_reason_is_said_at_once_and_how_clients_do_it(files):
    files.cert = pem(own(names=(HOST, "www.example.com"), days=(-88, 2)))
    error = files.refused()
    assert {one.id for one in error.refusals} == {"certificate.names", "tls.incomplete-chain", "certificate.too-late"}
    for word in ("certbot:", "lego:", "dehydrated:", "uacme:", "acme.sh:"):
        assert word in error.fix


def test_every_refusal_has_a_test():
    sources = "".join(file.read_text() for file in Path(linkproof.karte.__file__).parent.glob("*.py"))
    ids = set(re.findall(r'"((?:pem|key|certificate|tls)\.[a-z0-9-]+)"', sources))
    tests = "".join(file.read_text() for file in Path(__file__).parent.glob("*.py"))
    assert len(ids) > 15
    assert {one for one in ids if f'"{one}"' not in tests} == set()


def test_what_no_server_can_use(files, monkeypatch):
    """No certificate is known that gets so far and that OpenSSL cannot serve."""

    def fails(*_):
        raise ssl.SSLError(1, "no suitable signature algorithm")

    monkeypatch.setattr("linkproof.karte.check.shake", fails)
    assert files.ids() == {"tls.unusable"}
