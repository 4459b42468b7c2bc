"""What can go wrong between an edge and its origin. Each vendor's edge turns these into its own pages."""

from __future__ import annotations

from linkproof.errors import LinkproofError


class OriginError(LinkproofError):
    """An origin gave no usable answer."""

    def __init__(self, origin: str, reason: str) -> None:
        super().__init__(f"origin {origin}: {reason}")
        self.origin = origin
        self.reason = reason


class OriginNameError(OriginError):
    """The origin's name has no address."""


class OriginRefusedError(OriginError):
    """The connection was refused."""


class OriginTimeoutError(OriginError):
    """The origin did not connect, shake hands or answer in time."""


class OriginTlsError(OriginError):
    """The TLS handshake failed for another reason than the certificate."""


class OriginCertificateError(OriginError):
    """The origin's certificate is not trusted, not valid now, or for none of the expected names."""


class OriginAnswerError(OriginError):
    """What the origin sent is not a complete HTTP answer of a bearable size."""
