"""Zone files signed on the spot, by dnspython or by ldns-signzone, and spoiled afterwards."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import dns.dnssec
import dns.rdatatype
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec

from tests import parts


def sign(
    zone: str,
    text: str,
    *,
    window: tuple[int, int] = (-3600, 86400),
    spoil: Callable[[dns.zone.Zone], None] | None = None,
    private: ec.EllipticCurvePrivateKey | None = None,
) -> tuple[str, str]:
    """The zone's file with signatures, and its DS.

    Args:
        window: seconds around now in which the signatures are valid.
        spoil: changes the zone once it is signed.
        private: its key; a new one by default.
    """
    private = private or ec.generate_private_key(ec.SECP256R1())
    key = dns.dnssec.make_dnskey(private.public_key(), 13, flags=257)
    content = dns.zone.from_text(text, origin=zone, relativize=False)
    now = time.time()
    dns.dnssec.sign_zone(
        content,
        keys=[(private, key)],
        add_dnskey=True,
        dnskey_ttl=300,
        inception=now + window[0],
        expiration=now + window[1],
    )
    if spoil:
        spoil(content)
    return content.to_text(relativize=False), dns.dnssec.make_ds(zone, key, "SHA256").to_text()


def without_denials(zone: dns.zone.Zone) -> None:
    """Take every NSEC away with its signature: nothing can be denied any more."""
    for node in zone.nodes.values():
        node.rdatasets = [
            rdataset for rdataset in node.rdatasets if dns.rdatatype.NSEC not in (rdataset.rdtype, rdataset.covers)
        ]


def ldns_sign(folder: Path, zone: str, text: str, *options: str) -> tuple[str, str]:
    """The same by ldns-signzone: the zone's file, and its DS.

    Args:
        folder: a new one is made in it.
        options: `-n` for NSEC3, `-p` for opt-out, `-t` for iterations, `-s` for the salt.
    """
    parts.need("ldnsutils", "ldns-signzone", "ldns-keygen", "ldns-key2ds")
    home = folder / f"signed-{zone}"
    home.mkdir()
    (home / "plain").write_text(text)

    def run(*command: str) -> str:
        return subprocess.run(command, cwd=home, check=True, capture_output=True, text=True, timeout=30).stdout

    key = run("ldns-keygen", "-k", "-a", "ECDSAP256SHA256", zone).strip()
    run("ldns-signzone", "-o", zone, *options, "-f", "signed", "plain", key)
    tag, algorithm, digest_type, *digest = run("ldns-key2ds", "-n", "-2", f"{key}.key").split("DS", 1)[1].split()
    return (home / "signed").read_text(), f"{tag} {algorithm} {digest_type} {''.join(digest)}"
