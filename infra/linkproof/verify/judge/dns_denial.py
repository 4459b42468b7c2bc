"""What a server says of a name that does not exist: whether it may be remembered, and whether it is proven (RFC 4035 §5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.judge.proof import judge_denial_proof
from linkproof.verify.judge.signatures import ds_values_of, trusted_keys
from linkproof.verify.judge.subject import Violation
from linkproof.verify.observations.answer import Reply

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.verify.observations.answer import ResourceRecord
    from linkproof.verify.observations.vantage import ServerAddress
    from linkproof.verify.observations.zone import ZoneObservation

# BIND and others take a zone with more for unsigned; RFC 9276 §3.2 lets resolvers do so with any number above 0.
MOST_ITERATIONS = 50
_WHY = (
    "validating resolvers answer SERVFAIL for every name and every type that does not exist here, "
    "so a CA that looks for CAA refuses the certificate"
)


def judge_denial(zone: ZoneObservation, server: ServerAddress, now: datetime) -> Violation | None:
    """The proof of a signed zone that a name does not exist; None where the zone's keys are not trusted, for that says it all."""
    denial, keys = _denial(zone, server), zone.keys.get(server)
    if denial is None or not zone.is_signed or not isinstance(keys, Reply):
        return None
    moment = int(now.timestamp())
    trusted, _ = trusted_keys(zone.name, ds_values_of(zone), keys.wire, moment)
    if trusted is None:
        return None
    problem = judge_denial_proof(denial, zone.name, trusted, moment)
    return _problem(problem.rule, denial, problem.expected, problem.observed, _WHY) if problem else None


def denial_warnings(zone: ZoneObservation, server: ServerAddress) -> tuple[Violation, ...]:
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


def _problem(rule: str, denial: Reply, expected: str, observed: str, why: str = "") -> Violation:
    return Violation(rule, expected, observed, why, asked_name=denial.name, asked_type=denial.type)


def _iterations(record: ResourceRecord) -> int:
    fields = record.value.split()
    return int(fields[2]) if record.type == "NSEC3" and len(fields) > 2 and fields[2].isdigit() else 0
