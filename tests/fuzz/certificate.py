"""One certificate of a hostile server: through the reader, the judges of TLS and every report.

An input is one octet that chooses how it was sent and verified, then DER.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from linkproof.expectations.model import parse
from linkproof.verify.conclude.reproduce import Reproducer
from linkproof.verify.conclude.verdict import conclude
from linkproof.verify.judge.answer_text import with_endpoint_evidence
from linkproof.verify.judge.endpoint import judge_endpoint
from linkproof.verify.marks import EDGE_ANSWERS, edge_answers, sender_answers
from linkproof.verify.observations.edge import EndpointObservation, PresentedCertificate, TlsObservation
from linkproof.verify.observations.vantage import Reachability, Vantage
from linkproof.verify.observe.edge.certificate_reader import parse_certificate
from linkproof.verify.options import VerifyOptions

from tests.fuzz import der
from tests.fuzz.invariants import assert_sound
from tests.fuzz.target import Blind, Target

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
HOST, ADDRESS = "url.example.test", "192.0.2.7"
EXPECTATIONS = parse(
    {"version": 1, "endpoints": [{"id": "edge", "host": HOST, "connect": ADDRESS, "edge": "cloudfront", "http": "off"}]}
)
CODES = (0, 10, 18, 19, 20, 21, -1)
VERSIONS = ("TLSv1.3", "TLSv1", "")


def run(data: bytes) -> None:
    choice, encoded = data[:1], data[1:]
    if not choice:
        return
    try:
        # past the cache, which would hide what the reader does with the same octets again
        certificate = parse_certificate.__wrapped__(encoded)
    except ValueError:
        return
    assert certificate.der == encoded
    assert certificate.not_before.tzinfo is not None
    assert certificate.not_after.tzinfo is not None
    assert certificate.key_bits >= 0
    # a name is written with at most four characters for an octet, and a word for its type
    assert sum(map(len, certificate.names)) + len(certificate.issuer) <= 8 * len(encoded)
    judge(certificate, choice[0])


def judge(certificate: PresentedCertificate, choice: int) -> None:
    code = CODES[choice % len(CODES)]
    served = (certificate, certificate) if choice & 8 else (certificate,)
    vantage = Vantage("edge", HOST, ADDRESS, "tls")
    version = VERSIONS[(choice >> 4) % 3]
    path = (certificate, certificate, certificate) if code == 0 else ()
    tls = TlsObservation(
        vantage, "answered", "", version, served, path, code, "self-signed certificate" if code else ""
    )
    if choice & 0x80:
        tls = TlsObservation(vantage, "answered", "", version, served, path, code, "", 0.1, tls)
    seen = EndpointObservation(None, (ADDRESS,), tls={ADDRESS: tls})
    edges = {name: edge_answers(name) for name in EDGE_ANSWERS}
    endpoint = EXPECTATIONS.endpoints[0]
    cells = judge_endpoint(endpoint, seen, sender_answers("sendgrid"), edges, Reachability(), NOW)
    cells = with_endpoint_evidence(cells, seen)
    assert [cell for cell in cells if cell.vantage == vantage]
    show = Reproducer(EXPECTATIONS, VerifyOptions())
    assert_sound(conclude(cells, (), strict=False, places={}, timing={}, reproduce=show), EXPECTATIONS)


def seeds() -> Mapping[str, bytes]:
    """The same octets each time: keys from fixed numbers, and the one kind of signature that takes no randomness."""
    names = [x509.DNSName(HOST), x509.DNSName("*.example.test"), x509.IPAddress(ipaddress.ip_address("2001:db8::1"))]
    others: list[Any] = [
        x509.RFC822Name("a@example.test"),
        x509.UniformResourceIdentifier("https://x.test/"),
        x509.OtherName(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"),
        x509.DirectoryName(_name("inner")),
        x509.RegisteredID(x509.ObjectIdentifier("1.2.3")),
    ]
    strong, weak = (rsa.RSAPublicNumbers(65537, (1 << bits) - 1).public_key() for bits in (2048, 1024))
    curve = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    odd = "\x1b[2J<script>alert(1)</script>\u202e|`a`\x00"
    built = {
        "ec": _certificate(curve, names),
        "rsa": _certificate(strong, names),
        "rsa-weak": _certificate(weak, names),
        "ed25519": _certificate(_SIGNER.public_key(), names),
        "other-names": _certificate(curve, [*names, *others]),
        "no-names": _certificate(curve, []),
        "self-issued": _certificate(curve, names, issuer="leaf"),
        "ca": _certificate(curve, names, is_ca=True),
        "expired": _certificate(curve, names, days=(-90, -1)),
        "soon": _certificate(curve, names, days=(-90, 5)),
        "not-yet": _certificate(curve, names, days=(5, 90)),
        "odd-issuer": _certificate(curve, names, issuer=odd),
    }
    # each of these once ended a run
    built["unknown-curve"] = built["ec"].replace(
        b"\x2a\x86\x48\xce\x3d\x03\x01\x07", b"\x2a\x86\x48\xce\x3d\x03\x01\x08"
    )
    built["unknown-version"] = built["ec"].replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x05")
    basic, other = b"\x06\x03\x55\x1d\x13", b"\x06\x03\x55\x1d\x11"
    built["extension-twice"] = built["ec"].replace(basic, other)
    found = {name: bytes([number % len(CODES)]) + octets for number, (name, octets) in enumerate(built.items())}
    return found | {"two-kinds": b"\x88" + built["rsa"], "untrusted": b"\x02" + built["odd-issuer"], "empty": b"\0"}


_SIGNER = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))


def _name(text: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, text), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "x")]
    )


def _certificate(
    key: Any, names: list[Any], *, issuer: str = "issuer", days: tuple[int, int] = (-30, 60), is_ca: bool = False
) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    builder = (
        x509.CertificateBuilder()
        .subject_name(_name("leaf"))
        .issuer_name(_name(issuer))
        .public_key(key)
        .serial_number(7)
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(_SIGNER, None).public_bytes(Encoding.DER)


def change(data: bytes, random: Random, blind: Blind) -> bytes:
    return data[:1] + der.change(data[1:], random, blind)


TARGET = Target(run, seeds, max_octets=2048, change=change)
