"""One certificate's DER as plain values."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from linkproof.verify.observations.edge import PresentedCertificate

if TYPE_CHECKING:
    from cryptography import x509

# cryptography reads a key that is for RSASSA-PSS alone (RFC 4055 §1.2) as it reads every RSA key.
_RSASSA_PSS = "1.2.840.113549.1.1.10"


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
    from cryptography.x509.oid import AuthorityInformationAccessOID

    certificate = x509.load_der_x509_certificate(der)
    # one pass: asking for each by its class takes longer than everything else here
    found: dict[type[x509.ExtensionType], Any] = {type(one.value): one for one in certificate.extensions}
    basic, usage, san, key_id, issuer_key_id, issuer_urls = (
        found[kind].value if kind in found else None
        for kind in (
            x509.BasicConstraints,
            x509.KeyUsage,
            x509.SubjectAlternativeName,
            x509.SubjectKeyIdentifier,
            x509.AuthorityKeyIdentifier,
            x509.AuthorityInformationAccess,
        )
    )
    names = [] if san is None else [name.lower() for name in san.get_values_for_type(x509.DNSName)]
    names += [] if san is None else [str(address) for address in san.get_values_for_type(x509.IPAddress)]
    issuer, subject = certificate.issuer, certificate.subject
    key_type, key_bits, curve = _key(certificate)
    return PresentedCertificate(
        names=tuple(names),
        issuer=_text(issuer),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        is_ca=basic is not None and basic.ca,
        is_self_issued=issuer == subject,
        der=der,
        key_type=key_type,
        key_bits=key_bits,
        key_curve=curve,
        signature_hash=_signature_hash(certificate),
        subject=subject.rfc4514_string(),
        san_is_critical=san is None or found[x509.SubjectAlternativeName].critical,
        signs_handshakes=usage is None or usage.digital_signature,
        key_id=key_id.digest.hex() if key_id else "",
        issuer_key_id=(issuer_key_id.key_identifier or b"").hex() if issuer_key_id else "",
        names_its_issuers_address=any(
            item.access_method == AuthorityInformationAccessOID.CA_ISSUERS for item in issuer_urls or ()
        ),
    )


# A few issuers sign everything that a run sees.
@lru_cache(maxsize=256)
def _text(name: x509.Name) -> str:
    return name.rfc4514_string()


def _key(certificate: x509.Certificate) -> tuple[str, int, str]:
    """The key's type, size and curve; of one that this library does not know, none of them."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        key = certificate.public_key()
    except UnsupportedAlgorithm:
        return "", 0, ""
    if isinstance(key, rsa.RSAPublicKey):
        is_pss = certificate.public_key_algorithm_oid.dotted_string == _RSASSA_PSS
        return "RSASSA-PSS" if is_pss else "RSA", key.key_size, ""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "EC", key.key_size, key.curve.name
    return type(key).__name__.removesuffix("PublicKey"), getattr(key, "key_size", 0), ""


def _signature_hash(certificate: x509.Certificate) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        found = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return ""
    return found.name if found is not None else ""
