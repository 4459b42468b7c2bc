"""Algorithms, digests and keys that no longer count as strong; valid all the same, so never an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkproof.verify.judge.signatures import ds_values_of, rrset_of, trusted_keys, usable_ds
from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.answer import Reply

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.verify.observations.zone import ZoneObservation
    from linkproof.verify.result import Cell

# RFC 9905 §2: resolvers are to treat these as unsupported.
_RSA_SHA1 = frozenset({5, 7})
_RSA = frozenset({5, 7, 8, 10})
_SHA1_DIGEST = 1
# NIST SP 800-57 part 1: below 2048 bits RSA has less than 112 bits of strength.
MIN_RSA_BITS = 2048


def judge_weakness(subject: FindingSubject, zone: ZoneObservation, now: datetime) -> list[Cell]:
    """At most one finding: about the DS set, or else about a key."""
    if not zone.is_signed or not isinstance(zone.ds, Reply):
        return []
    cells = []
    # what is strong beside what is weak is a change of algorithm on its way
    usable = usable_ds(ds_values_of(zone))
    reason = ""
    if usable and all(int(ds.algorithm) in _RSA_SHA1 for ds in usable):
        reason = "RSA with SHA-1 alone"
    elif usable and all(int(ds.digest_type) == _SHA1_DIGEST for ds in usable):
        reason = "digests of SHA-1 alone"
    if reason:
        observed = f"{reason}: DS {'; '.join(ds_values_of(zone))}"
        problem = Violation(
            "dns.dnssec-weak", "a DS of an algorithm and a digest that count", observed, asked_type="DS"
        )
        cells.append(subject.cell(problem, zone.ds.vantage))
    elif short := _short_key(zone, now):
        problem, answer = short
        cells.append(subject.cell(problem, answer.vantage))
    return cells


def _short_key(zone: ZoneObservation, now: datetime) -> tuple[Violation, Reply] | None:
    import dns.dnssec

    for server, answer in sorted(zone.keys.items()):
        if not isinstance(answer, Reply):
            continue
        trusted, _ = trusted_keys(zone.name, ds_values_of(zone), answer.wire, int(now.timestamp()))
        signing = _signing_tags(zone.name, answer, "DNSKEY") | _signing_tags(
            zone.name, zone.signed_soa.get(server), "SOA"
        )
        for key in trusted or ():
            bits = rsa_bits(key.key) if int(key.algorithm) in _RSA else None
            tag = dns.dnssec.key_id(key)
            if bits is not None and bits < MIN_RSA_BITS and tag in signing:
                expected = f"RSA keys of at least {MIN_RSA_BITS} bits"
                return Violation("dns.dnssec-weak", expected, f"key {tag} of {bits} bits", asked_type="DNSKEY"), answer
    return None


def _signing_tags(zone: str, answer: Any, record_type: str) -> set[int]:
    if not isinstance(answer, Reply):
        return set()
    _, signatures = rrset_of(answer.wire, zone, record_type)
    return {signature.key_tag for signature in signatures or ()}


def rsa_bits(octets: bytes) -> int | None:
    """The length of an RSA key's modulus as DNSKEY holds it (RFC 3110 §2); None for what is no such key."""
    if not octets:
        return None
    start, length = (3, int.from_bytes(octets[1:3], "big")) if octets[0] == 0 else (1, octets[0])
    modulus = octets[start + length :]
    return int.from_bytes(modulus, "big").bit_length() or None
