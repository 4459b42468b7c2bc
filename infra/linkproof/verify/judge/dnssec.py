"""DS → DNSKEY → RRSIG at one authoritative server (RFC 4035 §5): positive answers; dns_denial.py has the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.judge.proof import judge_expansion_proof, signed_wildcard
from linkproof.verify.judge.signatures import check_signature, ds_values_of, good_signature, trusted_keys, usable_ds
from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.answer import Reply
from linkproof.verify.observations.vantage import Vantage

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import ZoneExpectation
    from linkproof.verify.observations.vantage import ServerAddress
    from linkproof.verify.observations.zone import ZoneObservation
    from linkproof.verify.result import Cell


_WITHOUT_PROOF = (
    "the record is made from a wildcard, and nothing proves that its own name has no record: "
    "validating resolvers answer SERVFAIL for it"
)


def judge_declared(
    subject: FindingSubject, zone: ZoneObservation, declared: ZoneExpectation | None, parent: Vantage
) -> list[Cell]:
    """Whether the zone is signed as it is declared, and with algorithms that count."""
    wanted = declared.dnssec if declared else "any"
    cells: list[Cell] = []
    if zone.is_signed and not usable_ds(ds_values_of(zone)):
        expected, observed = "an algorithm that validators support", f"DS {'; '.join(ds_values_of(zone))}"
        cells.append(subject.cell(Violation("dns.dnssec-unsupported", expected, observed), parent))
    if wanted == "any":
        return cells
    if not isinstance(zone.ds, Reply) or zone.ds.rcode not in {"NOERROR", "NXDOMAIN"}:
        reason = f"whether {zone.name} is signed: no server of {zone.parent or 'a parent'} answered for its DS"
        return [*cells, subject.could_not_check(parent, reason)]
    if wanted == "signed" and not zone.is_signed:
        cells.append(subject.cell(Violation("dns.dnssec-unsigned", "a DS at the parent", "no DS"), zone.ds.vantage))
    elif wanted == "unsigned" and zone.is_signed:
        observed = f"DS {'; '.join(ds_values_of(zone))}"
        cells.append(subject.cell(Violation("dns.dnssec-signed", "no DS at the parent", observed), zone.ds.vantage))
    else:
        cells.append(subject.right(zone.ds.vantage))
    return cells


def judge_keys(zone: ZoneObservation, server: ServerAddress, now: datetime) -> Violation | None:
    """The keys of a signed zone at one server, and the signature of its SOA."""
    if not zone.is_signed or not usable_ds(ds_values_of(zone)):
        return None
    keys, soa = zone.keys.get(server), zone.signed_soa.get(server)
    if not isinstance(keys, Reply):
        return None  # silence is judged as silence
    _, problem = trusted_keys(zone.name, ds_values_of(zone), keys.wire, int(now.timestamp()))
    if problem is None and isinstance(soa, Reply):
        problem = judge_signature(zone, server, soa, now)
    return problem


def judge_common_keys(zone: ZoneObservation, server: ServerAddress, now: datetime) -> Violation | None:
    """Whether what one server signs fits the keys that each of the others gives, as two signers of one zone must see to (RFC 8901 §2.1)."""
    soa, moment = zone.signed_soa.get(server), int(now.timestamp())
    if not zone.is_signed or not isinstance(soa, Reply) or not soa.values("SOA"):
        return None
    for other, keys in sorted(zone.keys.items()):
        trusted, _ = (
            trusted_keys(zone.name, ds_values_of(zone), keys.wire, moment) if isinstance(keys, Reply) else (None, None)
        )
        if other == server or trusted is None:
            continue  # keys that nobody trusts are that server's own finding
        problem = check_signature(soa.wire, zone.name, "SOA", zone.name, trusted, moment)
        if problem is not None:
            return Violation(
                "dns.dnssec-bogus",
                f"signatures that fit the keys of every server of {zone.name}",
                f"{problem.observed} at {other.server} ({other.address})",
                "a resolver that has the keys from one server and the answer from the other finds it bogus",
                fix="let each signer publish the other's keys as well, or have the zone signed by one of them alone",
            )
    return None


def judge_signature(zone: ZoneObservation, server: ServerAddress, reply: Reply, now: datetime) -> Violation | None:
    """The signature of one positive answer, by the keys of the same server, and the proof that a wildcard's needs beside it.

    None where the keys are judged already.
    """
    keys = zone.keys.get(server)
    if not zone.is_signed or not isinstance(keys, Reply) or not reply.wire or not reply.values(reply.type):
        return None
    moment = int(now.timestamp())
    trusted, _ = trusted_keys(zone.name, ds_values_of(zone), keys.wire, moment)
    if trusted is None:
        return None
    _, signature, problem = good_signature(reply.wire, reply.name, reply.type, zone.name, trusted, moment)
    if problem is not None or (encloser := signed_wildcard(reply.name, signature)) is None:
        return problem
    problem = judge_expansion_proof(reply, zone.name, trusted, moment, encloser)
    return replace(problem, why=_WITHOUT_PROOF) if problem else None
