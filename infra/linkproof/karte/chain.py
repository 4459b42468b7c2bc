"""The path from the leaf upwards, built from the user's certificates by name and signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from linkproof.karte.files import Certificate
from linkproof.karte.refusal import Refusal, RefusedError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Chain:
    """What is uploaded, in nginx's order.

    Args:
        path: the leaf, then each issuer; without the root.
        others: what has no part in it.
        notes: what was left out or put in order, a line each.
    """

    path: tuple[Certificate, ...]
    others: tuple[Certificate, ...]
    notes: tuple[str, ...]

    @property
    def leaf(self) -> Certificate:
        return self.path[0]


def build_chain(certificates: Sequence[Certificate], key: RSAPrivateKey, now: datetime) -> Chain:
    """Order what belongs to the leaf, and say what does not.

    Raises:
        RefusedError: no certificate has this key.
    """
    leaf = _leaf(certificates, key)
    path = [leaf]
    while not path[-1].is_root:
        issuers = [
            one for one in certificates if one.der not in {other.der for other in path} and _signed(one, path[-1])
        ]
        if not issuers:
            break
        path.append(max(issuers, key=lambda one: _preference(one, now)))
    without_root = [one for one in path if not one.is_root] or path[:1]
    others = tuple(one for one in certificates if one.der not in {other.der for other in path})
    return Chain(tuple(without_root), others, tuple(_notes(certificates, path, without_root)))


def _preference(issuer: Certificate, now: datetime) -> tuple[bool, bool, datetime]:
    """Of certificates with one name and key: one that is valid now, the root itself, the one that is valid longest."""
    value = issuer.value
    return value.not_valid_before_utc <= now <= value.not_valid_after_utc, issuer.is_root, value.not_valid_after_utc


def _leaf(certificates: Sequence[Certificate], key: RSAPrivateKey) -> Certificate:
    numbers = key.public_key().public_numbers()
    for one in certificates:
        if _public_numbers(one) == numbers:
            return one
    fix = "give the key that the request was made with; after a renewal both files are new"
    problem = f"{certificates[0].place}: no certificate belongs to the key: {certificates[0].subject} has another one"
    raise RefusedError([Refusal("key.mismatch", problem, fix)])


def _public_numbers(one: Certificate) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import rsa

    try:
        key = one.value.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return None
    return key.public_numbers() if isinstance(key, rsa.RSAPublicKey) else None


def _signed(issuer: Certificate, other: Certificate) -> bool:
    try:
        other.value.verify_directly_issued_by(issuer.value)
    except (
        Exception
    ):  # another name, another key, an algorithm that nobody knows: it did not sign it as far as one can see
        return False
    return True


def _notes(given: Sequence[Certificate], path: list[Certificate], kept: list[Certificate]) -> list[str]:
    notes = []
    seen: set[bytes] = set()
    for one in given:
        if one.der in seen:
            notes.append(f"{one.place}: {one.subject} stands there twice; it is written once")
        elif one not in path:
            twin = any(one.value.subject == other.value.subject and not one.is_root for other in path)
            why = (
                "another certificate of the same name is the better one"
                if twin
                else "it has no part in the leaf's chain"
            )
            notes.append(f"{one.place}: {one.subject} is left out: {why}")
        elif one not in kept:
            notes.append(f"{one.place}: the root {one.subject} is left out: browsers have their own")
        seen.add(one.der)
    order = [one.der for one in given if one in kept]
    if list(dict.fromkeys(order)) != [one.der for one in kept]:
        notes.append("the certificates were in another order; they are written leaf first, then each issuer")
    return notes
