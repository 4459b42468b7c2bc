"""What NSEC3 records prove (RFC 5155 §8); signatures are checked elsewhere. Each answer is what is missing, or empty."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkproof.verify.judge.proof_types import leads_elsewhere, types_text, wildcard_below

if TYPE_CHECKING:
    from collections.abc import Sequence

# Above it resolvers take the zone for unsigned (RFC 9276 §3.2), and a hostile zone would have us hash 65,535 times for each name.
MOST_HASHED_ITERATIONS = 150
_SHA1, _OPT_OUT = 1, 1


@dataclass(frozen=True)
class _Chain:
    """Records of one hash.

    Args:
        records: hash of the owner, hash of the next one, record.
    """

    records: tuple[tuple[str, str, Any], ...]
    salt: bytes
    iterations: int

    def hash_of(self, name: Any) -> str:
        import dns.dnssec

        return dns.dnssec.nsec3_hash(name, self.salt, self.iterations, _SHA1).lower()

    def at(self, name: Any) -> Any:
        """The record of a name; None where there is none."""
        wanted = self.hash_of(name)
        return next((record for owner, _, record in self.records if owner == wanted), None)

    def covering(self, name: Any) -> Any:
        """The record between whose hash and the next one the name's stands."""
        wanted = self.hash_of(name)
        return next((record for owner, after, record in self.records if _is_between(owner, wanted, after)), None)


def missing_denial(
    records: Sequence[tuple[Any, Any]], name: Any, zone: Any, types: Sequence[str], *, is_nxdomain: bool
) -> str:
    """What the proof lacks that a name does not exist, or has none of the types.

    Args:
        records: owner and NSEC3.
        name: that was asked for.
        zone: the apex.
        types: that would have been an answer.
        is_nxdomain: the server says that the name does not exist.
    """
    chain = _chain(records, zone)
    if chain is None:
        return "NSEC3 of no kind that counts"
    if chain.iterations > MOST_HASHED_ITERATIONS:
        return ""
    here = chain.at(name)
    if here is not None:
        return _missing_at(here, name, types, is_nxdomain=is_nxdomain)
    encloser = name.parent()
    while (found := chain.at(encloser)) is None:
        if encloser == zone:
            return f"NSEC3 of no name above {name}"
        encloser = encloser.parent()
    if leads_elsewhere(found):
        return f"the NSEC3 of a delegation at {encloser}"
    nearer = name.split(len(encloser) + 1)[1]
    covering = chain.covering(nearer)
    if covering is None:
        return f"no NSEC3 that covers the hash of {nearer}"
    wildcard = wildcard_below(encloser)
    at_wildcard = chain.at(wildcard)
    if at_wildcard is not None and (given := types_text(at_wildcard, types)):
        return f"no answer, and an NSEC3 of {wildcard} with {given}"
    if not is_nxdomain:
        # opt-out: something unsigned may stand there, of which nothing is said (RFC 5155 §6)
        is_proven = at_wildcard is not None or covering.flags & _OPT_OUT
        return "" if is_proven else f"NOERROR, and an NSEC3 neither of {name} nor of {wildcard}"
    if at_wildcard is not None:
        return f"NXDOMAIN, and an NSEC3 of {wildcard}"
    return "" if chain.covering(wildcard) is not None else f"no NSEC3 that covers the hash of {wildcard}"


def missing_expansion(records: Sequence[tuple[Any, Any]], name: Any, zone: Any, encloser: Any) -> str:
    """What the proof lacks that a wildcard's answer may stand for a name: nothing nearer to it may exist (RFC 5155 §8.8).

    Args:
        encloser: of the wildcard, as the signature's number of labels gives it.
    """
    chain = _chain(records, zone)
    if chain is None:
        return "NSEC3 of no kind that counts"
    nearer = name.split(len(encloser) + 1)[1]
    if chain.iterations > MOST_HASHED_ITERATIONS or chain.covering(nearer) is not None:
        return ""
    return f"no NSEC3 that covers the hash of {nearer}"


def _missing_at(record: Any, name: Any, types: Sequence[str], *, is_nxdomain: bool) -> str:
    if given := types_text(record, types):
        return f"no answer, and an NSEC3 of {name} with {given}"
    return f"NXDOMAIN, and an NSEC3 of {name} itself" if is_nxdomain else ""


def _chain(records: Sequence[tuple[Any, Any]], zone: Any) -> _Chain | None:
    """The records that count: of a known hash and flags (RFC 5155 §8.1, §8.2), directly below the apex, all with the first one's salt."""
    kept, first = [], None
    for owner, record in records:
        if record.algorithm != _SHA1 or record.flags & ~_OPT_OUT or len(owner) < 2 or owner.parent() != zone:
            continue
        first = first or record
        if (record.salt, record.iterations) == (first.salt, first.iterations):
            after = base64.b32hexencode(record.next).decode().lower()
            kept.append((owner.labels[0].decode("latin-1").lower(), after, record))
    return _Chain(tuple(kept), first.salt, first.iterations) if first else None


def _is_between(owner: str, wanted: str, after: str) -> bool:
    """The last one's next is the first; one that is alone covers everything but itself."""
    return owner < wanted < after if owner < after else (wanted > owner or wanted < after)
