"""The TLS contexts that fetch certificates, and the chains that they fetched."""

from __future__ import annotations

import _ssl
import os
import re
import ssl
from functools import lru_cache
from pathlib import Path
from typing import Any

from linkproof.errors import LinkproofError
from linkproof.verify.observations.edge import PresentedCertificate
from linkproof.verify.observe.edge.certificate_reader import parse_certificate

# OpenSSL's X509_V_FLAG_NO_CHECK_TIME: where a date is wrong the path is looked at without dates too, so that one fault does not hide the other.
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


def verifying_context(ca: Path | None, kind: str = "", *, checks_time: bool = True) -> ssl.SSLContext:
    """Demands a path to a trust anchor, and no name.

    Args:
        ca: PEM file of anchors beside the system's.
        kind: see `open_context`.
        checks_time: of certificates with one name and key OpenSSL takes the one that is valid now, as browsers do; without it takes
            the first, whatever its dates.

    Raises:
        InvalidTrustFileError: the file cannot be read or holds no certificate.
    """
    try:
        context = trusting_context(system_anchors())
    except ssl.SSLError:
        context = trusting_context()  # one anchor that cannot be read must not take the others away
    context.check_hostname = False
    if not checks_time:
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
    ders = [item if isinstance(item, bytes) else item.public_bytes(_ssl.ENCODING_DER) for item in certificates]
    if not ders and (leaf := connection.getpeercert(binary_form=True)):
        ders = [leaf]
    return tuple(parse_certificate(der) for der in ders[:MAX_CHAIN])
