"""Real certificates for tests: a root, an intermediate, and leaves with any names and dates."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def _other_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _issue(subject, issuer, key, signer, *, days=(-1, 365), names=(), is_ca=False):
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False
        )
    return builder.sign(signer, hashes.SHA256())


def _pem(*certificates) -> bytes:
    return b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in certificates)


class Authority:
    """A root and an intermediate; writes `ca.pem` with the root alone."""

    def __init__(self, folder: Path, *, intermediate_days=(-1, 365)) -> None:
        self._folder = folder
        self._root_key, self._key = _key(), _other_key()
        self.root = _issue("Test Root", "Test Root", self._root_key, self._root_key, is_ca=True)
        self.intermediate = _issue(
            "Test Intermediate", "Test Root", self._key, self._root_key, days=intermediate_days, is_ca=True
        )
        self.file = folder / "ca.pem"
        self.file.write_bytes(_pem(self.root))

    def context(self, *names: str, **options) -> ssl.SSLContext:
        """A server's context with a fresh leaf; see `add`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.add(context, *names, **options)
        return context

    def add(
        self, context: ssl.SSLContext, *names: str, days=(-1, 365), chain: bool = True, self_signed=False, key=None
    ) -> None:
        """One more leaf; OpenSSL keeps one for each kind of key."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        issuer, signer = ("leaf", key) if self_signed else ("Test Intermediate", self._key)
        leaf = _issue("leaf", issuer, key, signer, days=days, names=names)
        file = self._folder / "leaf.pem"
        file.write_bytes(_pem(leaf, *([self.intermediate] if chain and not self_signed else [])) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))  # fmt: skip
        context.load_cert_chain(file)
