"""DER certificates into plain values, and the TLS contexts that fetch them."""

from __future__ import annotations

import os
import re
import ssl
from functools import lru_cache
from pathlib import Path
from typing import Any

from linkproof.errors import LinkproofError
from linkproof.verify.observations.edge import PresentedCertificate

# OpenSSL's X509_V_FLAG_NO_CHECK_TIME: the path is judged apart from the dates, so that one fault does not hide the other.
_NO_CHECK_TIME = 0x200000
MAX_CHAIN = 10
# How Debian names the file with all of them, and OpenSSL the links in their folder: by the hash of the subject (openssl-rehash(1)).
_BUNDLE = "ca-certificates.crt"
_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
_CIPHERS = {"RSA": "aRSA", "EC": "aECDSA"}
OTHER_KIND = {"RSA": "EC", "EC": "RSA"}


class InvalidTrustFileError(LinkproofError):
    """`--ca` names no file of PEM certificates."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"--ca {path}: {reason}", "give a PEM file with one or more CA certificates")
        self.path = path


def open_context(kind: str = "") -> ssl.SSLContext:
    """Accepts any certificate and any version that OpenSSL still has: whatever is there is to be seen, then judged.

    Args:
        kind: `RSA` or `EC` to accept certificates of that kind alone.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _widest(context, kind)


def verifying_context(ca: Path | None, kind: str = "") -> ssl.SSLContext:
    """Demands a path to a trust anchor and nothing else.

    Args:
        ca: PEM file of anchors beside the system's.
        kind: see `open_context`.

    Raises:
        InvalidTrustFileError: the file cannot be read or holds no certificate.
    """
    try:
        context = trusting_context(system_anchors())
    except ssl.SSLError:
        context = trusting_context()  # one anchor that cannot be read must not take the others away
    context.check_hostname = False
    context.verify_flags |= _NO_CHECK_TIME
    if ca is not None:
        try:
            context.load_verify_locations(cafile=str(ca))
        except (OSError, ssl.SSLError) as error:
            raise InvalidTrustFileError(ca, str(error)) from error
    return _widest(context, kind)


def trusting_context(anchors: str | None = None) -> ssl.SSLContext:
    """Python's usual one, which judges alike with every Python.

    From 3.13 on it would refuse what RFC 5280 asks of a CA and browsers do not, and take any certificate for an anchor.

    Args:
        anchors: trust anchors as PEM; the system's by default.

    Raises:
        ssl.SSLError: one of the anchors cannot be read.
    """
    context = ssl.create_default_context(cadata=anchors)
    context.verify_flags = ssl.VerifyFlags.VERIFY_X509_TRUSTED_FIRST
    return context


@lru_cache(maxsize=1)
def system_anchors() -> str | None:
    """The system's trust anchors as PEM; None where OpenSSL must find them itself.

    OpenSSL looks through their folder again at each handshake, for the issuer of every intermediate: a seventh of the whole handshake.
    """
    paths = ssl.get_default_verify_paths()
    if paths.openssl_capath_env in os.environ and not paths.capath:
        return None  # several folders
    folder = Path(paths.capath) if paths.capath else None
    bundle = Path(paths.cafile) if paths.cafile else folder and folder / _BUNDLE
    if bundle is None:
        return None
    try:
        found = bundle.read_text("ascii", "ignore")
        for path in folder.iterdir() if folder else ():
            if _HASHED.fullmatch(path.name) and (one := path.read_text("ascii", "ignore").strip()) not in found:
                found += f"\n{one}"
    except OSError:
        return None
    return found


def _widest(context: ssl.SSLContext, kind: str) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    if kind:
        # up to TLS 1.2 the cipher names the certificate's kind; Python cannot choose signature algorithms for TLS 1.3
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(f"{_CIPHERS[kind]}:@SECLEVEL=0")
    context.set_alpn_protocols(["http/1.1"])
    return context


def served_chain(connection: Any) -> tuple[PresentedCertificate, ...]:
    """The chain as sent, leaf first. Python has a public call for it from 3.13 on; the one below it is there since 3.10."""
    return _chain(connection, "get_unverified_chain")


def verified_path(connection: Any) -> tuple[PresentedCertificate, ...]:
    """The path to a trust anchor, leaf first."""
    return _chain(connection, "get_verified_chain")


def _chain(connection: Any, call: str) -> tuple[PresentedCertificate, ...]:
    inner = getattr(connection, "_sslobj", None)
    getter = getattr(inner, call, None) or getattr(connection, call, None)
    certificates = (getter() if getter else None) or ()
    ders = [item if isinstance(item, bytes) else ssl.PEM_cert_to_DER_cert(item.public_bytes()) for item in certificates]
    if not ders and (leaf := connection.getpeercert(binary_form=True)):
        ders = [leaf]
    return tuple(parse_certificate(der) for der in ders[:MAX_CHAIN])


# Every endpoint of an edge sends the same intermediate: it is read, and kept, once.
@lru_cache(maxsize=4096)
def parse_certificate(der: bytes) -> PresentedCertificate:
    """Read one certificate.

    Raises:
        ValueError: it is not a certificate that can be read.
    """
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a peculiar serial number is not our subject
        try:
            return _read(der)
        except ValueError:
            raise
        except Exception as error:
            # an unknown version, an extension twice, a kind of name that nobody knows: each has an error of its own
            raise ValueError(str(error) or type(error).__name__) from error


def _read(der: bytes) -> PresentedCertificate:
    from cryptography import x509

    certificate = x509.load_der_x509_certificate(der)
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = [name.lower() for name in extension.get_values_for_type(x509.DNSName)]
        names += [str(address) for address in extension.get_values_for_type(x509.IPAddress)]
    except x509.ExtensionNotFound:
        names = []
    try:
        is_ca = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        is_ca = False
    key_type, key_bits = _key(certificate)
    return PresentedCertificate(
        names=tuple(names),
        issuer=certificate.issuer.rfc4514_string(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        is_ca=is_ca,
        is_self_issued=certificate.issuer == certificate.subject,
        der=der,
        key_type=key_type,
        key_bits=key_bits,
        signature_hash=_signature_hash(certificate),
    )


def _key(certificate: Any) -> tuple[str, int]:
    """The key's type and size; of a curve or an algorithm that this library does not know, neither."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        key = certificate.public_key()
    except UnsupportedAlgorithm:
        return "", 0
    return _key_type(key), getattr(key, "key_size", 0)


def _key_type(key: Any) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if isinstance(key, rsa.RSAPublicKey):
        return "RSA"
    return "EC" if isinstance(key, ec.EllipticCurvePublicKey) else type(key).__name__.removesuffix("PublicKey")


def _signature_hash(certificate: Any) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        found = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return ""
    return found.name if found is not None else ""
