"""A handshake with the user's own certificate and key in memory, judged as `verify` will judge it from outside."""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from linkproof.verify.observations.edge import TlsObservation
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observe.edge.certificates import open_context, served_chain, verified_path, verifying_context

# OpenSSL: a certificate of the path is not valid yet, or has expired.
_DATES = frozenset({9, 10})


def shake(pem: str, host: str, ca: Path | None) -> TlsObservation:
    """What a client sees of these.

    Args:
        pem: certificates, leaf first, and the key.
        ca: trust anchors beside the system's.

    Raises:
        ssl.SSLError: a server cannot use them.
        InvalidTrustFileError: see `verifying_context`.
    """
    server = _server(pem)
    vantage = Vantage("edge", host, "", "tls")
    try:
        seen = _connect(server, verifying_context(ca), host)
        return TlsObservation(vantage, "answered", "", seen.version() or "", served_chain(seen), verified_path(seen))
    except ssl.SSLCertVerificationError as error:
        code, message = error.verify_code, error.verify_message
    if code in _DATES:
        try:
            seen = _connect(server, verifying_context(ca, checks_time=False), host)
            return TlsObservation(
                vantage, "answered", "", seen.version() or "", served_chain(seen), verified_path(seen)
            )
        except ssl.SSLCertVerificationError as error:
            code, message = error.verify_code, error.verify_message
    seen = _connect(server, open_context(), host)
    return TlsObservation(
        vantage, "answered", "", seen.version() or "", served_chain(seen), verify_code=code, verify_message=message
    )


def _server(pem: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # what is weak is judged, not refused here
    with _as_file(pem) as file:
        context.load_cert_chain(file)
    return context


@contextmanager
def _as_file(pem: str) -> Iterator[str]:
    """A path by which OpenSSL reads this; in memory where the system has that, so that the key stands on no disk."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("linkproof")
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(pem)
            stream.flush()
            yield f"/proc/self/fd/{descriptor}"
        return
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as stream:
        stream.write(pem)
        stream.flush()
        yield stream.name


def _connect(server: ssl.SSLContext, client: ssl.SSLContext, host: str) -> ssl.SSLObject:
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    here = client.wrap_bio(to_client, to_server, server_hostname=host)
    there = server.wrap_bio(to_server, to_client, server_side=True)
    # TLS 1.3 takes two flights of each side, TLS 1.2 three
    for _ in range(4):
        try:
            here.do_handshake()
        except ssl.SSLWantReadError:
            pass
        else:
            break
        with suppress(ssl.SSLWantReadError):
            there.do_handshake()
    return here
