"""What a server says of a name that does not exist: whether it may be remembered, and whether it is proven (RFC 4035 §5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.verify.judge.signatures import check_signature, ds_values_of, trusted_keys
from infra.verify.judge.subject import Problem
from infra.verify.observations import Reply

if TYPE_CHECKING:
    from datetime import datetime

    from infra.verify.observations import ResourceRecord, ServerAddress, ZoneObservation

_PROOFS = frozenset({"NSEC", "NSEC3"})
# A proof takes three records at most (RFC 5155 §7.2); a hostile one has hundreds.
_MOST_PROOFS = 4
# BIND and others take a zone with more for unsigned; RFC 9276 §3.2 lets resolvers do so with any number above 0.
MOST_ITERATIONS = 50
_WHY = (
    "validating resolvers answer SERVFAIL for every name and every type that does not exist here, "
    "so a CA that looks for CAA refuses the certificate"
)


def judge_denial(zone: ZoneObservation, server: ServerAddress, now: datetime) -> Problem | None:
    """The proof of a signed zone that a name does not exist; None where the zone's keys are not trusted, for that says it all."""
    denial, keys = _denial(zone, server), zone.keys.get(server)
    if denial is None or not zone.is_signed or not isinstance(keys, Reply):
        return None
    moment = int(now.timestamp())
    trusted, _ = trusted_keys(zone.name, ds_values_of(zone), keys.wire, moment)
    if trusted is None:
        return None
    proofs = [item for item in denial.authority if item.type in _PROOFS]
    expected = f"a signed proof that {denial.name} does not exist"
    if not proofs:
        return _problem("dns.dnssec-bogus", denial, expected, f"{denial.rcode} without NSEC or NSEC3", _WHY)
    signed = sorted({(item.name, item.type) for item in proofs})[:_MOST_PROOFS]
    for name, record_type in signed:
        problem = check_signature(denial.wire, name, record_type, zone.name, trusted, moment, "authority")
        if problem is not None:
            return _problem(problem.rule, denial, problem.expected, problem.observed, _WHY)
    if all(item.type == "NSEC" for item in proofs) and not any(
        _covers(item, denial.name, zone.name) for item in proofs
    ):
        shown = ", ".join(f"{item.name} NSEC {item.value.split()[0]}" for item in proofs[:_MOST_PROOFS])
        return _problem("dns.dnssec-bogus", denial, expected, f"an NSEC of other names: {shown}", _WHY)
    return None


def denial_warnings(zone: ZoneObservation, server: ServerAddress) -> tuple[Problem, ...]:
    """What is odd about the denial, whether the zone is signed or not."""
    denial = _denial(zone, server)
    if denial is None:
        return ()
    found = []
    if not any(item.type == "SOA" for item in denial.authority):
        said = denial.rcode if denial.rcode == "NXDOMAIN" else "an empty answer"
        found.append(_problem("dns.negative-without-soa", denial, f"the SOA of {zone.name}", f"{said} without SOA"))
    iterations = max((_iterations(item) for item in denial.authority), default=0)
    if zone.is_signed and iterations > MOST_ITERATIONS:
        expected = f"NSEC3 with 0 iterations, at most {MOST_ITERATIONS}"
        found.append(_problem("dns.nsec3-iterations", denial, expected, f"{iterations} iterations"))
    return tuple(found)


def _denial(zone: ZoneObservation, server: ServerAddress) -> Reply | None:
    """The server's answer, where it is one that says no; a wildcard says yes."""
    answer = zone.denials.get(server)
    if (
        isinstance(answer, Reply)
        and answer.authoritative
        and answer.rcode in {"NOERROR", "NXDOMAIN"}
        and not answer.answer
    ):
        return answer
    return None


def _problem(rule: str, denial: Reply, expected: str, observed: str, why: str = "") -> Problem:
    return Problem(rule, expected, observed, why, asked_name=denial.name, asked_type=denial.type)


def _covers(record: ResourceRecord, name: str, zone: str) -> bool:
    """Whether the name stands at the NSEC or between it and the next; after the last one comes the apex (RFC 4034 §4.1.1)."""
    import dns.exception
    import dns.name

    try:
        owner, asked, apex = (dns.name.from_text(one) for one in (record.name, name, zone))
        following = dns.name.from_text(record.value.split()[0])
    except (dns.exception.DNSException, ValueError, IndexError):
        return False
    return bool(owner == asked or (owner < asked and (asked < following or following == apex)))


def _iterations(record: ResourceRecord) -> int:
    fields = record.value.split()
    return int(fields[2]) if record.type == "NSEC3" and len(fields) > 2 and fields[2].isdigit() else 0
