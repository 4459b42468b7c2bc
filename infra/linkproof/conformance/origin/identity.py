"""The certificates that the origin shows: its right one, and one that no edge should take."""

from __future__ import annotations

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from linkproof.conformance.errors import InvalidIdentityError


def context_of(certificate: Path, key: Path) -> ssl.SSLContext:
    """A context that shows this certificate, over HTTP/1.1.

    Raises:
        InvalidIdentityError: the files cannot be read, or do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError, ValueError) as error:
        raise InvalidIdentityError(str(error)) from error
    return context


def nobodys(certificate: Path) -> ssl.SSLContext:
    """Shows a certificate for the same names that no authority has signed: whoever sends a click there verifies nothing.

    Raises:
        InvalidIdentityError: the right certificate cannot be read.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    try:
        right = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = right.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (OSError, ValueError, x509.ExtensionNotFound) as error:
        raise InvalidIdentityError(str(error)) from error
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signed by nobody")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(names.value, critical=False)
        .sign(key, hashes.SHA256())
    )
    with tempfile.TemporaryDirectory() as folder:  # the ssl module reads keys from files only
        shown, secret = Path(folder) / "certificate.pem", Path(folder) / "key.pem"
        shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        form = serialization.PrivateFormat.PKCS8
        secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
        return context_of(shown, secret)
