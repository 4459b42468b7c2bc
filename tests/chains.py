"""Odd certificates and chains of tests: every field of one can be said, and nothing is checked."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

HOST = "url.example.test"


@cache
def rsa_key(bits: int = 2048, which: str = "") -> rsa.RSAPrivateKey:
    """One for all tests of a run; `which` names another one."""
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key(which: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)] if text else [])


def usage(**said: bool) -> x509.KeyUsage:
    every = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign"
        " encipher_only decipher_only"
    )
    return x509.KeyUsage(**{field: said.get(field, False) for field in every.split()})


def certificate(
    subject: str,
    issuer: str,
    key,
    signer,
    *,
    days=(-1, 90),
    ca: bool = False,
    path_length: int | None = None,
    names: tuple[str, ...] = (),
    names_are_critical: bool = False,
    digest=None,
    key_usage: x509.KeyUsage | None = None,
    purposes: tuple = (),
    issuer_key=None,
    issuer_url: str = "",
) -> x509.Certificate:
    """A certificate that says what it is told to.

    Args:
        issuer_key: whose key it says signed it; by default the one that did.
        days: from now; both ends.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer_key or signer).public_key()), critical=False
        )
    )
    if names:
        found = x509.SubjectAlternativeName([x509.DNSName(item) for item in names])
        builder = builder.add_extension(found, critical=names_are_critical)
    if key_usage is not None:
        builder = builder.add_extension(key_usage, critical=True)
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    if issuer_url:
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(issuer_url)
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    plain = (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)
    return builder.sign(signer, (digest or hashes.SHA256()) if isinstance(signer, plain) else None)


def root(**options) -> x509.Certificate:
    key = options.pop("key", None) or ec_key("root")
    return certificate("Test Root", "Test Root", key, key, **{"ca": True, "days": (-1, 900), **options})


def intermediate(subject: str = "Test Intermediate", issuer: str = "Test Root", **options) -> x509.Certificate:
    key, signer = options.pop("key", None) or ec_key("intermediate"), options.pop("signer", None) or ec_key("root")
    return certificate(subject, issuer, key, signer, **{"ca": True, "days": (-1, 900), **options})


def leaf(issuer: str = "Test Intermediate", **options) -> x509.Certificate:
    key, signer = options.pop("key", None) or ec_key("leaf"), options.pop("signer", None) or ec_key("intermediate")
    return certificate(options.pop("subject", "leaf"), issuer, key, signer, **{"names": (HOST,), **options})


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(item.public_bytes(serialization.Encoding.PEM) for item in certificates)


def key_pem(key, form=serialization.PrivateFormat.PKCS8) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def rsassa_pss(folder: Path, *, names: str = HOST) -> tuple[bytes, bytes]:
    """A leaf whose key is for RSASSA-PSS alone, with its key: only OpenSSL makes one."""
    folder.mkdir(exist_ok=True)
    (folder / "ca.pem").write_bytes(pem(intermediate()))
    (folder / "ca.key").write_bytes(key_pem(ec_key("intermediate")))
    (folder / "names").write_text(f"subjectAltName=DNS:{names}\n")
    for command in (
        "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out key",
        "req -new -key key -subj /CN=leaf -out csr",
        "x509 -req -in csr -CA ca.pem -CAkey ca.key -days 90 -set_serial 7 -extfile names -out leaf",
    ):
        subprocess.run(["openssl", *command.split()], check=True, capture_output=True, timeout=30, cwd=folder)
    return (folder / "leaf").read_bytes(), (folder / "key").read_bytes()


CLIENTS_ONLY = (ExtendedKeyUsageOID.CLIENT_AUTH,)
