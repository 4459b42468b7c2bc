"""What an edge showed: certificates and HTTP answers, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from infra.verify.observations import Resolved, Vantage

Outcome = Literal["answered", "refused", "timeout", "unreachable", "failed"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """The parts of a certificate that are judged.

    Args:
        names: DNS names and addresses it covers, lower case.
        is_ca: whether it may sign others.
        is_self_issued: subject and issuer are the same.
    """

    names: tuple[str, ...]
    issuer: str
    not_before: datetime
    not_after: datetime
    is_ca: bool
    is_self_issued: bool


@dataclass(frozen=True, slots=True)
class TlsObservation:
    """One handshake with SNI = the host, accepted whatever the certificate, and a second one that verifies.

    Args:
        outcome: `failed` is a handshake that the server ended.
        version: the negotiated one, as OpenSSL names it (`TLSv1.3`).
        served: the chain as the server sent it, leaf first.
        path: the verified path, leaf first, root last; empty when there is none.
        verify_code: of OpenSSL, 0 when a path to a trust anchor exists; dates and names are judged apart.
    """

    vantage: Vantage
    outcome: Outcome
    detail: str = ""
    version: str = ""
    served: tuple[Certificate, ...] = ()
    path: tuple[Certificate, ...] = ()
    verify_code: int = 0
    verify_message: str = ""


@dataclass(frozen=True, slots=True)
class HttpObservation:
    """One request and its answer.

    Args:
        outcome: `failed` is an answer that is not HTTP.
        url: what was asked for.
        headers: in their order, names in lower case.
        body: at most 64 KiB.
    """

    vantage: Vantage
    outcome: Outcome
    url: str
    detail: str = ""
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str:
        """All values of a header, joined; empty when it is not there."""
        return ", ".join(value for key, value in self.headers if key == name)

    def has_header(self, name: str) -> bool:
        return any(key == name for key, _ in self.headers)


@dataclass(frozen=True, slots=True)
class EndpointObservation:
    """Everything one endpoint showed.

    Args:
        resolved: how the host led to its addresses; None where `connect` gives an address.
        addresses: every address that was connected to.
        missing_families: declared families without any address.
        tls: by address; empty when HTTPS is off.
        https: the probe over TLS, by address.
        http: the probe in the clear, by address.
    """

    resolved: Resolved | None
    addresses: tuple[str, ...]
    missing_families: tuple[int, ...] = ()
    optional_addresses: tuple[str, ...] = ()
    tls: dict[str, TlsObservation] = field(default_factory=dict)
    https: dict[str, HttpObservation] = field(default_factory=dict)
    http: dict[str, HttpObservation] = field(default_factory=dict)
