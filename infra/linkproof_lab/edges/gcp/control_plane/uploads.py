"""Certificates that the user brings (`selfManaged`): read when they are uploaded, and never shown with their key again."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from linkproof_lab.vendors.gcp.control_plane.contract import Document, GcpError


def uploaded(doc: Document) -> Document:
    """As it is held: what the API says of its names and its end, and what the edge shows.

    Raises:
        GcpError: it is no certificate, or the key is another's.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

    given = doc["selfManaged"]
    try:
        leaf, *chain = x509.load_pem_x509_certificates(str(given["pemCertificate"]).encode())
        key: Any = load_pem_private_key(str(given["pemPrivateKey"]).encode(), password=None)
    except (KeyError, ValueError, TypeError) as error:
        raise GcpError(400, "The certificate or its private key could not be parsed") from error
    if leaf.public_key() != key.public_key():
        raise GcpError(400, "The private key does not match the certificate")
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    pem = leaf.public_bytes(Encoding.PEM).decode()
    held = {
        "cert_pem": pem,
        "chain_pem": "".join(one.public_bytes(Encoding.PEM).decode() for one in chain),
        "key_pem": str(given["pemPrivateKey"]),
    }
    end = leaf.not_valid_after_utc.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    rest = {key: value for key, value in doc.items() if key != "selfManaged"}
    return {**rest, "sanDnsnames": names, "expireTime": end, "pemCertificate": pem, "pem": held}
