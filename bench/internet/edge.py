"""The edge: nginx with one wildcard certificate, which answers the sender's safe probe as the sender does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.internet.namespace import write
from bench.internet.plan import CUSTOMER, SENDER
from bench.internet.servers import Program

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def nginx(home: Path, addresses: Sequence[str], customers: Sequence[str] = (CUSTOMER,)) -> Program:
    """nginx at ports 80 and 443 of every address; leaves `ca.pem` in its folder.

    The body shows the sender's first mark of `infra/linkproof/senders/sendgrid/answers.yaml`, the header CloudFront's identity.
    """
    _certificates(home, customers)
    listens = "".join(f"        listen {address}:80;\n        listen {address}:443 ssl;\n" for address in addresses)
    conf = write(
        home / "nginx.conf",
        f"daemon off;\nworker_processes 1;\npid {home}/pid;\nerror_log stderr warn;\nworker_rlimit_nofile 16384;\n"
        "events { worker_connections 8192; }\nhttp {\n    access_log off;\n    default_type text/html;\n"
        + "".join(f"    {what}_temp_path {home}/{what};\n" for what in _TEMPORARY)
        + f"    ssl_certificate {home}/chain.pem;\n    ssl_certificate_key {home}/key.pem;\n"
        "    ssl_protocols TLSv1.2 TLSv1.3;\n    server {\n"
        f"{listens}        add_header X-Amz-Cf-Id bench always;\n"
        '        location / { return 404 "<title>Wrong Link</title>"; }\n    }\n}\n',
    )
    return Program(["nginx", "-c", str(conf), "-e", "stderr"], home / "log")


_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def _certificates(home: Path, customers: Sequence[str]) -> None:
    """A root, an intermediate and a leaf, all P-256, as CloudFront's edges present."""
    home.mkdir(parents=True, exist_ok=True)
    root_key, middle_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root = _certificate("bench root", root_key, "bench root", root_key, is_ca=True)
    middle = _certificate("bench intermediate", middle_key, "bench root", root_key, is_ca=True)
    names = [*(name for customer in customers for name in (f"*.{customer}", customer)), SENDER]
    leaf = _certificate(names[0], leaf_key, "bench intermediate", middle_key, is_ca=False, names=names)
    (home / "ca.pem").write_bytes(root)
    (home / "chain.pem").write_bytes(leaf + middle)
    (home / "key.pem").write_bytes(
        leaf_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    is_ca: bool,
    names: Sequence[str] = (),
) -> bytes:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=200))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(item) for item in names])
        builder = builder.add_extension(alternatives, critical=False)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
