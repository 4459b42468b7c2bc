"""DS, keys and signatures as packets carry them; nothing here knows of servers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from linkproof.verify.judge.subject import Violation
from linkproof.verify.observations.answer import Reply

if TYPE_CHECKING:
    from linkproof.verify.observations.zone import ZoneObservation

Section = Literal["answer", "authority"]

# What validators support (RFC 8624 §3.1, §3.3); a DS with anything else is passed over, as they do.
_ALGORITHMS = frozenset({5, 7, 8, 10, 13, 14, 15, 16})
_DIGESTS = frozenset({1, 2, 4})
# A hostile zone has hundreds of keys of one tag and as many signatures, to make us try each with each (CVE-2023-50387).
_MOST_KEYS, _MOST_OF_ONE_TAG, _MOST_SIGNATURES, _MOST_DS = 64, 4, 8, 16


def ds_values_of(zone: ZoneObservation) -> tuple[str, ...]:
    return tuple(sorted(zone.ds.values("DS"))) if isinstance(zone.ds, Reply) else ()


def usable_ds(values: tuple[str, ...]) -> list[Any]:
    import dns.exception
    import dns.rdata
    import dns.rdataclass
    import dns.rdatatype

    found = []
    for value in values[:_MOST_DS]:
        try:
            ds: Any = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.DS, value)
        except (dns.exception.DNSException, ValueError):
            continue
        if int(ds.algorithm) in _ALGORITHMS and int(ds.digest_type) in _DIGESTS:
            found.append(ds)
    return found


@lru_cache(maxsize=1024)
def trusted_keys(zone: str, ds_values: tuple[str, ...], packet: bytes, moment: int) -> tuple[Any, Violation | None]:
    """The DNSKEY set, once a key that the DS names has signed it. Pure, and the same for every record of a server, so kept."""
    import dns.dnssec
    import dns.name
    import dns.rrset

    expected = f"keys of {zone} that its parent vouches for"
    rrset, _ = rrset_of(packet, zone, "DNSKEY")
    if rrset is None:
        return None, Violation("dns.dnssec-bogus", expected, "no DNSKEY")
    owner = dns.name.from_text(zone)
    vouched = []
    for key in list(rrset)[:_MOST_KEYS]:
        for ds in usable_ds(ds_values):
            if dns.dnssec.key_id(key) != ds.key_tag or key.algorithm != ds.algorithm:
                continue
            try:
                made = dns.dnssec.make_ds(owner, key, ds.digest_type, validating=True)
            except Exception:  # noqa: S112 - a key may hold anything, and one that cannot be digested is no match
                continue
            if made.digest == ds.digest:
                vouched.append(key)
    if not vouched:
        tags = ", ".join(sorted(str(dns.dnssec.key_id(key)) for key in rrset))
        named = ", ".join(sorted({value.split()[0] for value in ds_values}))
        return None, Violation(
            "dns.dnssec-ds-mismatch", f"a key with the DS's tag and digest ({named})", f"keys {tags}"
        )
    keys = dns.rrset.from_rdata_list(owner, rrset.ttl, vouched[:_MOST_OF_ONE_TAG])
    problem = check_signature(packet, zone, "DNSKEY", zone, keys, moment)
    return (None, problem) if problem else (few_of_each_tag(rrset), None)


def few_of_each_tag(rrset: Any) -> Any:
    import dns.dnssec
    import dns.rrset

    kept: dict[int, list[Any]] = {}
    for key in list(rrset)[:_MOST_KEYS]:
        kept.setdefault(dns.dnssec.key_id(key), []).append(key)
    return dns.rrset.from_rdata_list(
        rrset.name, rrset.ttl, [key for keys in kept.values() for key in keys[:_MOST_OF_ONE_TAG]]
    )


def check_signature(
    packet: bytes, name: str, record_type: str, zone: str, keys: Any, moment: int, section: Section = "answer"
) -> Violation | None:
    """What is wrong with the signatures of some records; one good one suffices (RFC 4035 §5.3.3)."""
    return good_signature(packet, name, record_type, zone, keys, moment, section)[2]


def good_signature(
    packet: bytes, name: str, record_type: str, zone: str, keys: Any, moment: int, section: Section = "answer"
) -> tuple[Any, Any, Violation | None]:
    """The records and a good signature of theirs, or else what is wrong."""
    import dns.dnssec
    import dns.name

    what = f"{record_type} of {name}"
    expected = f"a valid signature of the {what}"
    rrset, signatures = rrset_of(packet, name, record_type, section)
    if rrset is None or signatures is None:
        return None, None, Violation("dns.dnssec-bogus", expected, f"no RRSIG for the {what}")
    owner = dns.name.from_text(zone)
    problems: list[Violation] = []
    for signature in list(signatures)[:_MOST_SIGNATURES]:
        tag = f"key {signature.key_tag}"
        if moment > signature.expiration:
            problems.append(
                Violation("dns.dnssec-expired", expected, f"{tag}: expired {at_text(signature.expiration)}")
            )
        elif moment < signature.inception:
            problems.append(
                Violation("dns.dnssec-not-yet-valid", expected, f"{tag}: valid from {at_text(signature.inception)}")
            )
        else:
            try:
                dns.dnssec.validate_rrsig(
                    rrset, signature, {owner: keys}, now=moment, policy=dns.dnssec.allow_all_policy
                )
            except Exception as error:  # a key or signature may hold anything
                reason = "signed by no key of the zone" if "unknown key" in str(error) else str(error) or "does not fit"
                problems.append(Violation("dns.dnssec-bogus", expected, f"{tag}: {reason}"))
            else:
                return rrset, signature, None
    # a date says more than a signature by a key that is gone
    problems.sort(key=lambda problem: problem.rule == "dns.dnssec-bogus")
    problem = problems[0] if problems else Violation("dns.dnssec-bogus", expected, f"no RRSIG for the {what}")
    return None, None, problem


def rrset_of(packet: bytes, name: str, record_type: str, section: Section = "answer") -> tuple[Any, Any]:
    """The records and their signatures; None for what is not there."""
    import dns.exception
    import dns.message
    import dns.name
    import dns.rdataclass
    import dns.rdatatype

    kind = dns.rdatatype.from_text(record_type)
    try:
        message = dns.message.from_wire(packet, ignore_trailing=True)
        owner = dns.name.from_text(name)
        records = message.answer if section == "answer" else message.authority
        rrset = message.get_rrset(records, owner, dns.rdataclass.IN, kind)
        signatures = message.get_rrset(records, owner, dns.rdataclass.IN, dns.rdatatype.RRSIG, covers=kind)
    except (dns.exception.DNSException, ValueError):
        return None, None
    return rrset, signatures


def at_text(seconds: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
