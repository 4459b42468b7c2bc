"""What an edge showed: certificates and HTTP answers, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal

from linkproof.verify.observations.resolved import Resolved
from linkproof.verify.observations.vantage import Vantage

Outcome = Literal["answered", "refused", "timeout", "unreachable", "failed"]


@dataclass(frozen=True, slots=True)
class PresentedCertificate:
    """The parts of a certificate that are judged.

    Args:
        names: DNS names and addresses it covers, lower case.
        is_ca: whether it may sign others.
        is_self_issued: subject and issuer are the same.
        der: the whole certificate as it came.
        key_type: `RSA`, `EC`, or what else it is called; empty where nobody here can read the key.
        key_bits: 0 where the type has one size only.
        key_curve: of an EC key, as OpenSSL names it (`secp256r1`); empty where it was not read.
        signature_hash: `sha256` and the like; empty where the algorithm has its own.
        san_is_critical: the names are in an extension that must be understood; true too where there is none.
        signs_handshakes: its keyUsage has digitalSignature, or there is none.
        key_id: of its own key, in hex, where it says so.
        issuer_key_id: of the key that signed it, in hex, where it says so.
        names_its_issuers_address: it says where its issuer's certificate is to be had (RFC 5280 §4.2.2.1).
    """

    names: tuple[str, ...]
    issuer: str
    not_before: datetime
    not_after: datetime
    is_ca: bool
    is_self_issued: bool
    der: bytes = field(default=b"", repr=False, compare=False)
    key_type: str = ""
    key_bits: int = 0
    signature_hash: str = ""
    key_curve: str = ""
    subject: str = ""
    san_is_critical: bool = True
    signs_handshakes: bool = True
    key_id: str = ""
    issuer_key_id: str = ""
    names_its_issuers_address: bool = False


@dataclass(frozen=True, slots=True)
class TlsObservation:
    """One handshake with SNI = the host, accepted whatever the certificate, and a second one that verifies.

    Args:
        outcome: `failed` is a handshake that the server ended.
        version: the negotiated one, as OpenSSL names it (`TLSv1.3`).
        served: the chain as the server sent it, leaf first.
        path: the verified path, leaf first, root last; empty when there is none.
        verify_code: of OpenSSL, 0 when a path to a trust anchor exists; dates and names are judged apart.
        seconds: for the connection and the handshake.
        other: the handshake for a certificate of the other kind (RSA beside EC), where the server has one.
    """

    vantage: Vantage
    outcome: Outcome
    detail: str = ""
    version: str = ""
    served: tuple[PresentedCertificate, ...] = ()
    path: tuple[PresentedCertificate, ...] = ()
    verify_code: int = 0
    verify_message: str = ""
    seconds: float | None = None
    other: TlsObservation | None = None


@dataclass(frozen=True, slots=True)
class HttpObservation:
    """One request and its answer.

    Args:
        outcome: `failed` is an answer that is not HTTP.
        url: what was asked for.
        headers: in their order, names in lower case.
        body: at most what the probe takes.
        seconds: from the request to the whole answer.
    """

    vantage: Vantage
    outcome: Outcome
    url: str
    detail: str = ""
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    seconds: float | None = None

    def header(self, name: str) -> str:
        """All values of a header, joined; empty when it is not there."""
        return _by_name(self.headers).get(name, "")

    def has_header(self, name: str) -> bool:
        return name in _by_name(self.headers)


# One answer is held against the marks of every service, one after the other.
@lru_cache(maxsize=256)
def _by_name(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


@dataclass(frozen=True, slots=True)
class ParentObservation:
    """What a zone above a host says by HTTPS at its own name.

    Args:
        resolved: how the name led to its addresses.
        tls: the handshake with the first of them; None where there is none.
        answer: to HEAD of the root.
    """

    resolved: Resolved
    tls: TlsObservation | None = None
    answer: HttpObservation | None = None


@dataclass(frozen=True, slots=True)
class EndpointObservation:
    """Everything one endpoint showed.

    Args:
        resolved: how the host led to its addresses; None where `connect` gives an address.
        addresses: every address that was connected to.
        missing_families: declared families without any address.
        passed_over: addresses beyond those that are connected to.
        tls: by address; empty when HTTPS is off.
        https: the probe over TLS, by address.
        http: the probe in the clear, by address.
        https_record: the HTTPS record (RFC 9460) that a browser finds for the host, where links are still http.
        parents: HEAD of each zone above whose HSTS policy would reach the host, with the handshake before it.
        owner: TXT at `_linkproof.<host>`, where a nonce is declared.
        files: the files for apps, by address and path; None where the handshake failed.
    """

    resolved: Resolved | None
    addresses: tuple[str, ...]
    missing_families: tuple[int, ...] = ()
    passed_over: int = 0
    optional_addresses: tuple[str, ...] = ()
    tls: dict[str, TlsObservation] = field(default_factory=dict)
    https: dict[str, HttpObservation] = field(default_factory=dict)
    http: dict[str, HttpObservation] = field(default_factory=dict)
    https_record: Resolved | None = None
    parents: dict[str, ParentObservation] = field(default_factory=dict)
    owner: Resolved | None = None
    files: dict[tuple[str, str], HttpObservation | None] = field(default_factory=dict)
