"""The user's own files as certificates and a key, or why they are none."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from linkproof.karte.clients import rsa_2048
from linkproof.karte.pem import Block, blocks_of, read_blocks
from linkproof.karte.refusal import Refusal, RefusedError

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

BITS = 2048
EXPONENT = 65537
_KEYS = frozenset({"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY"})
# id-RSASSA-PSS, as DER has it (RFC 8017 appendix A.2.3); cryptography reads such a key as it reads every RSA key
_RSASSA_PSS = bytes.fromhex("06092a864886f70d01010a")
_CONVERT = {
    "TRUSTED CERTIFICATE": "openssl x509 -in FILE -out NEW writes it in the usual form",
    "X509 CERTIFICATE": "openssl x509 -in FILE -out NEW writes it in the usual form",
    "PKCS7": "openssl pkcs7 -print_certs -in FILE -out NEW",
    "CERTIFICATE REQUEST": "that is the request; give what the CA made of it",
    "NEW CERTIFICATE REQUEST": "that is the request; give what the CA made of it",
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate of the user's, and where it stands."""

    value: x509.Certificate
    der: bytes
    place: str

    @property
    def subject(self) -> str:
        return self.value.subject.rfc4514_string() or "a certificate with an empty subject"

    @property
    def is_root(self) -> bool:
        return self.value.issuer == self.value.subject


def read_certificates(files: list[Path]) -> list[Certificate]:
    """All certificates of these files, in their order.

    Raises:
        RefusedError: a file has something else, or nothing.
    """
    return [_certificate(block) for file in files for block in read_blocks(file)]


def certificates_of(text: str, source: str) -> list[Certificate]:
    """All certificates of a text, in their order.

    Args:
        source: where it comes from; for messages.

    Raises:
        RefusedError: it has something else, or nothing.
    """
    return [_certificate(block) for block in blocks_of(text, Path(source))]


def read_key(file: Path, host: str) -> RSAPrivateKey:
    """The key, if KARTE takes it. Its text is kept nowhere.

    Raises:
        RefusedError: there is another number of keys, or not an RSA key of 2048 bits.
    """
    blocks = [block for block in read_blocks(file) if block.label != "EC PARAMETERS"]
    if len(blocks) != 1:
        found = ", ".join(block.label for block in blocks)
        raise _refused(
            "key.one", f"{file}: one key is expected, there are: {found or 'none'}", "give the key alone in its file"
        )
    return _key(blocks[0], host)


def key_of(text: str, password: bytes, source: str, host: str) -> RSAPrivateKey:
    """An encrypted key, if KARTE takes it.

    Args:
        source: where it comes from; for messages.

    Raises:
        RefusedError: it cannot be decrypted, or is not an RSA key of 2048 bits.
    """
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )

    try:
        value = load_pem_private_key(text.encode(), password)
    except Exception as error:
        raise _refused("key.malformed", f"{source}: no private key can be read", "run this again") from error
    der = value.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return _key(Block("PRIVATE KEY", der, Path(source), 1), host)


def _certificate(block: Block) -> Certificate:
    from cryptography import x509

    if block.label.endswith("PRIVATE KEY"):
        fix = "take it out of there, and if the file was shown to anybody make a new key"
        raise _refused("certificate.key-inside", f"{block.place}: a private key stands in the certificate's file", fix)
    if block.label != "CERTIFICATE" or block.headers:
        what = block.label if block.label != "CERTIFICATE" else f"a certificate with the line {block.headers[0]!r}"
        fix = _CONVERT.get(block.label, "give plain certificates (-----BEGIN CERTIFICATE-----)")
        raise _refused(
            "certificate.label", f"{block.place}: {what} instead of a certificate", fix.replace("FILE", str(block.file))
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a peculiar serial number is not our subject
            value = x509.load_der_x509_certificate(block.der)
            # read here, so that what is malformed is said with its place
            _ = (
                value.extensions,
                value.subject,
                value.issuer,
                value.not_valid_after_utc,
                value.public_key_algorithm_oid,
            )
    except Exception as error:
        fix = "take the file again from where the CA gave it"
        raise _refused("certificate.malformed", f"{block.place}: no certificate can be read: {error}", fix) from error
    return Certificate(value, block.der, block.place)


def _key(block: Block, host: str) -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    make = f"make a new one: linkproof karte csr {host} writes key and request"
    if block.label == "ENCRYPTED PRIVATE KEY" or any("ENCRYPTED" in header for header in block.headers):
        fix = f"openssl rsa -in {block.file} -traditional -out NEW, in a folder that is yours alone"
        raise _refused("key.encrypted", f"{block.place}: the key is encrypted, and KARTE asks for no password", fix)
    if block.label not in _KEYS:
        raise _refused(
            "key.label",
            f"{block.place}: {block.label} instead of a private key",
            f"give the certificate's key; or {make}",
        )
    try:
        value = load_der_private_key(block.der, password=None)
    except Exception as error:
        raise _refused("key.malformed", f"{block.place}: no private key can be read", make) from error
    if not isinstance(value, rsa.RSAPrivateKey):
        kind = type(value).__name__.removesuffix("PrivateKey")
        curve = getattr(getattr(value, "curve", None), "name", "")
        what = f"a key of kind {kind} {curve}".strip()
        raise _refused("key.kind", f"{block.place}: {what}; KARTE takes RSA alone (RSA形式)", make, rsa_2048(host))
    if _RSASSA_PSS in block.der[:64]:
        raise _refused(
            "key.pss", f"{block.place}: a key for RSASSA-PSS alone, which browsers do not take", make, rsa_2048(host)
        )
    if value.key_size != BITS:
        raise _refused(
            "key.size", f"{block.place}: {value.key_size} bits; KARTE takes {BITS} alone", make, rsa_2048(host)
        )
    if value.public_key().public_numbers().e != EXPONENT:
        raise _refused("key.exponent", f"{block.place}: its public exponent is not {EXPONENT}", make, rsa_2048(host))
    return value


def _refused(refusal: str, problem: str, fix: str, how: tuple[str, ...] = ()) -> RefusedError:
    return RefusedError([Refusal(refusal, problem, fix, how)])
