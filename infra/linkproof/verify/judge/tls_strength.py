"""What browsers ask of the certificates of a path, whatever the path checker of a TLS library lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.judge.subject import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkproof.verify.observations.edge import PresentedCertificate

_LEAST_BITS = {"RSA": 2048, "EC": 256}
_WEAK_HASHES = frozenset({"md5", "sha1", "sha224"})
# The kinds of key that every browser signs handshakes with; of EC also the curves. Empty: nobody here can read it.
_USABLE_TYPES = frozenset({"RSA", "EC", ""})
_USABLE_CURVES = frozenset({"secp256r1", "secp384r1", ""})


def judge_strength(path: tuple[PresentedCertificate, ...]) -> Iterator[Violation]:
    """Judge keys, signatures and forms.

    Args:
        path: leaf first, without the anchor.
    """
    yield from _usable(path[0])
    for position, certificate in enumerate(path):
        least = _LEAST_BITS.get(certificate.key_type, 0)
        if 0 < certificate.key_bits < least:
            observed = f"{certificate.key_bits} bits{_of(position)}"
            yield Violation("tls.weak-key", f"a {certificate.key_type} key of {least} bits or more", observed)
            break
    weak = next((item for item in enumerate(path) if item[1].signature_hash in _WEAK_HASHES), None)
    if weak is not None:
        observed = f"{weak[1].signature_hash}{_of(weak[0])}"
        yield Violation("tls.weak-signature", "a signature with SHA-256 or better", observed)


def _usable(leaf: PresentedCertificate) -> Iterator[Violation]:
    if leaf.key_type not in _USABLE_TYPES or leaf.key_curve not in _USABLE_CURVES:
        yield Violation("tls.unusable-key", "a key of RSA, P-256 or P-384", leaf.key_curve or leaf.key_type)
    if not leaf.signs_handshakes:
        yield Violation("tls.key-usage", "digitalSignature in keyUsage", "a keyUsage without it")
    if not leaf.subject and not leaf.san_is_critical:
        yield Violation(
            "tls.empty-subject",
            "critical names where the subject is empty",
            "an empty subject beside names that are not critical",
        )


def _of(position: int) -> str:
    return f" (intermediate {position})" if position else ""
