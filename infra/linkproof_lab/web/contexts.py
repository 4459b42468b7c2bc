"""Server-side TLS contexts, made once per certificate."""

from __future__ import annotations

import ssl
import tempfile
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from linkproof_lab.ca import IssuedCertificate


@dataclass(frozen=True, slots=True)
class Identity:
    """What a server shows in the handshake; equal identities share one context.

    Args:
        cert_pem: the leaf.
        chain_pem: what follows it; may be empty.
        key_pem: the leaf's key, PKCS #8.
        minimum: the oldest TLS version that is accepted.
        maximum: the newest one.
    """

    cert_pem: str
    chain_pem: str
    key_pem: str
    minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
    maximum: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED

    @classmethod
    def from_document(cls, doc: dict[str, Any], minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2) -> Identity:
        return cls(doc["cert_pem"], doc.get("chain_pem") or "", doc["key_pem"], minimum)

    @classmethod
    def from_issued(cls, issued: IssuedCertificate) -> Identity:
        return cls(issued.cert_pem, issued.chain_pem, issued.key_pem)


@lru_cache(maxsize=4096)
def server_context(identity: Identity) -> ssl.SSLContext:
    """A context that shows this identity and speaks HTTP/1.1.

    Raises:
        ssl.SSLError: certificate and key are unreadable or do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    limit_versions(context, identity.minimum, identity.maximum)
    context.set_alpn_protocols(["http/1.1"])
    # The ssl module reads keys from files only; a temporary file is readable by its owner alone.
    with tempfile.NamedTemporaryFile("w", encoding="ascii", suffix=".pem") as file:
        file.write(identity.key_pem + identity.cert_pem + identity.chain_pem)
        file.flush()
        context.load_cert_chain(file.name)
    return context


def limit_versions(context: ssl.SSLContext, minimum: ssl.TLSVersion, maximum: ssl.TLSVersion) -> None:
    """Accept these TLS versions only, even old ones that the library would rather not speak."""
    old = ssl.TLSVersion.SSLv3 <= minimum < ssl.TLSVersion.TLSv1_2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = minimum
        context.maximum_version = maximum
    if old:
        # OpenSSL 3 refuses TLS 1.0 and 1.1 above security level 0, whatever the version limits say.
        context.set_ciphers("DEFAULT:@SECLEVEL=0")


_VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.0": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
    # SSL 3 is compiled out of every library in use; what is left of it is TLS 1.0.
    "SSLv3": ssl.TLSVersion.TLSv1,
}


def version_named(name: str) -> ssl.TLSVersion:
    """The version in a vendor's name of it: `TLSv1.2`, or a CloudFront policy as `TLSv1.2_2021`."""
    return _VERSIONS[name.partition("_")[0]]
