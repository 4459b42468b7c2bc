"""A key, and the request for its certificate: KARTE makes neither."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from linkproof.karte.files import BITS, EXPONENT
from linkproof.karte.output import KEY_MODE, PUBLIC_MODE, write_new
from linkproof.karte.pem import write_block
from linkproof.names import HostName

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import CertificateSigningRequest

# A common name holds at most 64 characters (RFC 5280 appendix A.1); the name that counts is the SAN.
_MOST_COMMON_NAME = 64


def make_request(host: HostName) -> tuple[RSAPrivateKey, CertificateSigningRequest]:
    """A new key, and a request for exactly this host; in memory."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(public_exponent=EXPONENT, key_size=BITS)
    common = [x509.NameAttribute(NameOID.COMMON_NAME, host.text)] if len(host.text) <= _MOST_COMMON_NAME else []
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name(common))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host.text)]), critical=not common)
        .sign(key, hashes.SHA256())
    )
    return key, request


def write_request(host: HostName, folder: Path) -> tuple[Path, Path]:
    """Make a key and a request; their files, key first.

    Raises:
        LinkproofError: one of the files is there already, or cannot be written.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key, request = make_request(host)
    files = folder / f"{host.text}.key", folder / f"{host.text}.csr"
    private = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    write_new({
        files[0]: (write_block("RSA PRIVATE KEY", private), KEY_MODE),
        files[1]: (write_block("CERTIFICATE REQUEST", request.public_bytes(Encoding.DER)), PUBLIC_MODE),
    })  # fmt: skip
    return files
