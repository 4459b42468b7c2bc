"""The public certificate authority of the lab's small internet: a root, one intermediate, and what they issue."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from linkproof.errors import LinkproofError

from linkproof_lab.settings import LabSettings

KeyKind = Literal["rsa2048", "ec256"]
_PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_CA_DAYS = 3650
# A common name holds at most 64 characters (RFC 5280 appendix A.1, ub-common-name); the names that count are the SANs.
_MOST_COMMON_NAME = 64
# Clocks of a machine and its containers may differ a little; a fresh certificate must already be valid everywhere.
_BACKDATED = timedelta(hours=1)


class UnusableAuthorityError(LinkproofError):
    """A file of the lab's authority cannot be read or does not belong to the others."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file}: {reason}", "stop the lab, delete its state folder and start it again")
        self.file = file


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate with all that a server needs to use it.

    Args:
        cert_pem: the leaf.
        chain_pem: what follows the leaf in the handshake: the intermediate. Empty for a self-signed one.
        key_pem: PKCS #8, not encrypted.
        not_after: with its time zone, UTC.
    """

    cert_pem: str
    chain_pem: str
    key_pem: str
    not_after: datetime


@dataclass(frozen=True, slots=True)
class _Authority:
    cert: x509.Certificate
    key: _PrivateKey


def ensure(settings: LabSettings) -> None:
    """Create the authority unless it is there; `settings.ca_file` then holds the root and no key.

    The root's certificate is written last of all, so its presence says that the rest is complete.

    Raises:
        UnusableAuthorityError: files of an authority are there, but cannot be read or do not belong together.
    """
    if settings.ca_file.exists() and _intermediate_file(settings).exists():
        _load(settings)
        return
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    if settings.ca_file.exists():
        root = _read(settings.ca_file, settings.ca_key_file)
    else:
        root = _new_authority("Lab Public Root CA", issuer=None, path_length=1)
        _write(settings.ca_key_file, _key_pem(root.key), mode=0o600)
    intermediate = _new_authority("Lab Public Issuing CA", issuer=root, path_length=0)
    _write(_intermediate_key_file(settings), _key_pem(intermediate.key), mode=0o600)
    _write(_intermediate_file(settings), _cert_pem(intermediate.cert), mode=0o644)
    _write(settings.ca_file, _cert_pem(root.cert), mode=0o644)


def issue(
    settings: LabSettings,
    names: list[str],
    *,
    days: int = 198,
    key: KeyKind = "rsa2048",
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> IssuedCertificate:
    """Issue a server certificate, creating the authority first if need be.

    Args:
        names: host names as they go on the wire, wildcards allowed; the first is also the common name if it fits.
        days: how long it is valid; ignored when `not_after` is given. 198 is what ACM issues.
        not_before: with a time zone; an hour ago by default.
        not_after: with a time zone.
    """
    ensure(settings)
    intermediate = _load(settings)
    own_key = _new_key(key)
    begins, ends = _validity(days, not_before, not_after)
    builder = _leaf(names, own_key, begins, ends, issuer=intermediate.cert)
    cert = builder.sign(intermediate.key, hashes.SHA256())
    return IssuedCertificate(_cert_pem(cert), _cert_pem(intermediate.cert), _key_pem(own_key), ends)


def self_signed(names: list[str], *, days: int = 198, key: KeyKind = "ec256") -> IssuedCertificate:
    """A certificate that no authority stands behind."""
    own_key = _new_key(key)
    begins, ends = _validity(days, None, None)
    cert = _leaf(names, own_key, begins, ends, issuer=None).sign(own_key, hashes.SHA256())
    return IssuedCertificate(_cert_pem(cert), "", _key_pem(own_key), ends)


def _validity(days: int, not_before: datetime | None, not_after: datetime | None) -> tuple[datetime, datetime]:
    # Certificates count whole seconds (RFC 5280 §4.1.2.5).
    now = datetime.now(UTC).replace(microsecond=0)
    ends = (not_after or now + timedelta(days=days)).astimezone(UTC).replace(microsecond=0)
    # A caller who asks only for an end in the past gets a certificate that was once valid.
    begins = (not_before or min(now, ends - timedelta(days=1)) - _BACKDATED).astimezone(UTC).replace(microsecond=0)
    return begins, ends


def _leaf(
    names: list[str], key: _PrivateKey, begins: datetime, ends: datetime, issuer: x509.Certificate | None
) -> x509.CertificateBuilder:
    common_name = [x509.NameAttribute(NameOID.COMMON_NAME, names[0])] if len(names[0]) <= _MOST_COMMON_NAME else []
    subject = x509.Name(common_name)
    public_key = key.public_key()
    authority_id = (
        x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
            issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        )
        if issuer
        else x509.AuthorityKeyIdentifier.from_issuer_public_key(public_key)
    )
    return (
        _builder(subject, issuer.subject if issuer else subject, key, begins, ends)
        # Critical when the subject is empty (RFC 5280 §4.2.1.6).
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=not common_name)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(authority_id, critical=False)
    )


def _new_authority(common_name: str, issuer: _Authority | None, path_length: int) -> _Authority:
    key = _new_key("ec256")
    name = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Lab"), x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )
    begins, ends = _validity(_CA_DAYS, datetime.now(UTC) - timedelta(days=1), None)
    builder = (
        _builder(name, issuer.cert.subject if issuer else name, key, begins, ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
    )
    if issuer:
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
                issuer.cert.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
            ),
            critical=False,
        )
    return _Authority(builder.sign((issuer.key if issuer else key), hashes.SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: _PrivateKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _new_key(kind: KeyKind) -> _PrivateKey:
    if kind == "rsa2048":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def _intermediate_file(settings: LabSettings) -> Path:
    return settings.state_dir / "ca-intermediate.pem"


def _intermediate_key_file(settings: LabSettings) -> Path:
    return settings.state_dir / "ca-intermediate-key.pem"


def _load(settings: LabSettings) -> _Authority:
    intermediate = _read(_intermediate_file(settings), _intermediate_key_file(settings))
    root = x509.load_pem_x509_certificate(settings.ca_file.read_bytes())
    try:
        intermediate.cert.verify_directly_issued_by(root)
    except Exception as error:
        raise UnusableAuthorityError(_intermediate_file(settings), f"not issued by {settings.ca_file.name}") from error
    return intermediate


def _read(cert_file: Path, key_file: Path) -> _Authority:
    try:
        cert = x509.load_pem_x509_certificate(cert_file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise UnusableAuthorityError(cert_file, str(error)) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != cert.public_key():
        raise UnusableAuthorityError(key_file, f"is not the key of {cert_file.name}")
    return _Authority(cert, key)


def _cert_pem(cert: x509.Certificate) -> str:
    return cert.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _key_pem(key: _PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")


def _write(file: Path, text: str, *, mode: int) -> None:
    """All or nothing, and never readable by others for a moment."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(text)
    fresh.chmod(mode)
    fresh.replace(file)
