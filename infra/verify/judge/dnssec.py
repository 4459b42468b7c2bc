"""DS → DNSKEY → RRSIG at one authoritative server (RFC 4035 §5). Only positive answers: a broken denial is a resolver's to find."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from infra.verify.judge.subject import Problem, Subject
from infra.verify.observations import NoReply, Reply, Vantage

if TYPE_CHECKING:
    from datetime import datetime

    from infra.expectations.model import ZoneExpectation
    from infra.verify.observations import ServerAddress, ZoneObservation
    from infra.verify.result import Cell

# What validators support (RFC 8624 §3.1, §3.3); a DS with anything else is passed over, as they do.
_ALGORITHMS = frozenset({5, 7, 8, 10, 13, 14, 15, 16})
_DIGESTS = frozenset({1, 2, 4})
# A hostile zone has hundreds of keys of one tag and as many signatures, to make us try each with each (CVE-2023-50387).
_MOST_KEYS, _MOST_OF_ONE_TAG, _MOST_SIGNATURES, _MOST_DS = 64, 4, 8, 16


def judge_declared(
    subject: Subject, zone: ZoneObservation, declared: ZoneExpectation | None, parent: Vantage
) -> list[Cell]:
    """Whether the zone is signed as it is declared, and with algorithms that count."""
    wanted = declared.dnssec if declared else "any"
    cells: list[Cell] = []
    if zone.is_signed and not _usable_ds(_ds_values(zone)):
        expected, observed = "an algorithm that validators support", f"DS {'; '.join(_ds_values(zone))}"
        cells.append(subject.cell(Problem("dns.dnssec-unsupported", expected, observed), parent))
    if wanted == "any":
        return cells
    if not isinstance(zone.ds, Reply) or zone.ds.rcode not in {"NOERROR", "NXDOMAIN"}:
        reason = f"whether {zone.name} is signed: no server of {zone.parent or 'a parent'} answered for its DS"
        return [*cells, subject.could_not_check(parent, reason)]
    if wanted == "signed" and not zone.is_signed:
        cells.append(subject.cell(Problem("dns.dnssec-unsigned", "a DS at the parent", "no DS"), zone.ds.vantage))
    elif wanted == "unsigned" and zone.is_signed:
        observed = f"DS {'; '.join(_ds_values(zone))}"
        cells.append(subject.cell(Problem("dns.dnssec-signed", "no DS at the parent", observed), zone.ds.vantage))
    else:
        cells.append(subject.right(zone.ds.vantage))
    return cells


def judge_keys(zone: ZoneObservation, server: ServerAddress, now: datetime) -> Problem | None:
    """The keys of a signed zone at one server, and the signature of its SOA."""
    if not zone.is_signed or not _usable_ds(_ds_values(zone)):
        return None
    keys, soa = zone.keys.get(server), zone.signed_soa.get(server)
    if not isinstance(keys, Reply):
        return None  # silence is judged as silence
    _, problem = _trusted(zone.name, _ds_values(zone), keys.wire, int(now.timestamp()))
    if problem is None and isinstance(soa, Reply):
        problem = judge_signature(zone, server, soa, now)
    return problem


def judge_common_keys(zone: ZoneObservation, server: ServerAddress, now: datetime) -> Problem | None:
    """Whether what one server signs fits the keys that each of the others gives, as two signers of one zone must see to (RFC 8901 §2.1)."""
    soa, moment = zone.signed_soa.get(server), int(now.timestamp())
    if not zone.is_signed or not isinstance(soa, Reply) or not soa.values("SOA"):
        return None
    for other, keys in sorted(zone.keys.items()):
        trusted, _ = (
            _trusted(zone.name, _ds_values(zone), keys.wire, moment) if isinstance(keys, Reply) else (None, None)
        )
        if other == server or trusted is None:
            continue  # keys that nobody trusts are that server's own finding
        problem = _signature(soa.wire, zone.name, "SOA", zone.name, trusted, moment)
        if problem is not None:
            return Problem(
                "dns.dnssec-bogus",
                f"signatures that fit the keys of every server of {zone.name}",
                f"{problem.observed} at {other.server} ({other.address})",
                "a resolver that has the keys from one server and the answer from the other finds it bogus",
                fix="let each signer publish the other's keys as well, or have the zone signed by one of them alone",
            )
    return None


def judge_signature(zone: ZoneObservation, server: ServerAddress, reply: Reply, now: datetime) -> Problem | None:
    """The signature of one positive answer, by the keys of the same server; None where those are judged already."""
    keys = zone.keys.get(server)
    if not zone.is_signed or not isinstance(keys, Reply) or not reply.wire or not reply.values(reply.type):
        return None
    moment = int(now.timestamp())
    trusted, _ = _trusted(zone.name, _ds_values(zone), keys.wire, moment)
    if trusted is None:
        return None
    return _signature(reply.wire, reply.name, reply.type, zone.name, trusted, moment)


def unanswered_keys(zone: ZoneObservation) -> list[NoReply]:
    return [answer for answer in zone.keys.values() if isinstance(answer, NoReply)]


def _ds_values(zone: ZoneObservation) -> tuple[str, ...]:
    return tuple(sorted(zone.ds.values("DS"))) if isinstance(zone.ds, Reply) else ()


def _usable_ds(values: tuple[str, ...]) -> list[Any]:
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
def _trusted(zone: str, ds_values: tuple[str, ...], packet: bytes, moment: int) -> tuple[Any, Problem | None]:
    """The DNSKEY set, once a key that the DS names has signed it. Pure, and the same for every record of a server, so kept."""
    import dns.dnssec
    import dns.name
    import dns.rrset

    expected = f"keys of {zone} that its parent vouches for"
    rrset, _ = _rrsets(packet, zone, "DNSKEY")
    if rrset is None:
        return None, Problem("dns.dnssec-bogus", expected, "no DNSKEY")
    owner = dns.name.from_text(zone)
    vouched = []
    for key in list(rrset)[:_MOST_KEYS]:
        for ds in _usable_ds(ds_values):
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
        return None, Problem("dns.dnssec-ds-mismatch", f"a key with the DS's tag and digest ({named})", f"keys {tags}")
    keys = dns.rrset.from_rdata_list(owner, rrset.ttl, vouched[:_MOST_OF_ONE_TAG])
    problem = _signature(packet, zone, "DNSKEY", zone, keys, moment)
    return (None, problem) if problem else (_few_of_each_tag(rrset), None)


def _few_of_each_tag(rrset: Any) -> Any:
    import dns.dnssec
    import dns.rrset

    kept: dict[int, list[Any]] = {}
    for key in list(rrset)[:_MOST_KEYS]:
        kept.setdefault(dns.dnssec.key_id(key), []).append(key)
    return dns.rrset.from_rdata_list(
        rrset.name, rrset.ttl, [key for keys in kept.values() for key in keys[:_MOST_OF_ONE_TAG]]
    )


def _signature(packet: bytes, name: str, record_type: str, zone: str, keys: Any, moment: int) -> Problem | None:
    """One good signature suffices (RFC 4035 §5.3.3)."""
    import dns.dnssec
    import dns.name

    what = f"{record_type} of {name}"
    expected = f"a valid signature of the {what}"
    rrset, signatures = _rrsets(packet, name, record_type)
    if rrset is None or signatures is None:
        return Problem("dns.dnssec-bogus", expected, f"no RRSIG for the {what}")
    owner = dns.name.from_text(zone)
    problems: list[Problem] = []
    for signature in list(signatures)[:_MOST_SIGNATURES]:
        tag = f"key {signature.key_tag}"
        if moment > signature.expiration:
            problems.append(Problem("dns.dnssec-expired", expected, f"{tag}: expired {_at(signature.expiration)}"))
        elif moment < signature.inception:
            problems.append(
                Problem("dns.dnssec-not-yet-valid", expected, f"{tag}: valid from {_at(signature.inception)}")
            )
        else:
            try:
                dns.dnssec.validate_rrsig(
                    rrset, signature, {owner: keys}, now=moment, policy=dns.dnssec.allow_all_policy
                )
            except Exception as error:  # a key or signature may hold anything
                reason = "signed by no key of the zone" if "unknown key" in str(error) else str(error) or "does not fit"
                problems.append(Problem("dns.dnssec-bogus", expected, f"{tag}: {reason}"))
            else:
                return None
    # a date says more than a signature by a key that is gone
    problems.sort(key=lambda problem: problem.rule == "dns.dnssec-bogus")
    return problems[0] if problems else Problem("dns.dnssec-bogus", expected, f"no RRSIG for the {what}")


def _rrsets(packet: bytes, name: str, record_type: str) -> tuple[Any, Any]:
    import dns.exception
    import dns.message
    import dns.name
    import dns.rdataclass
    import dns.rdatatype

    kind = dns.rdatatype.from_text(record_type)
    try:
        message = dns.message.from_wire(packet, ignore_trailing=True)
        owner = dns.name.from_text(name)
        rrset = message.get_rrset(message.answer, owner, dns.rdataclass.IN, kind)
        signatures = message.get_rrset(message.answer, owner, dns.rdataclass.IN, dns.rdatatype.RRSIG, covers=kind)
    except (dns.exception.DNSException, ValueError):
        return None, None
    return rrset, signatures


def _at(seconds: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
