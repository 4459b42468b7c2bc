"""One record at every authoritative server of its zone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from linkproof.verify.judge.dns_flattened import judge_flattened
from linkproof.verify.judge.dns_repeats import judge_repeats
from linkproof.verify.judge.dns_server import judge_silence, vantage_of
from linkproof.verify.judge.dns_values import (
    expected_text,
    judge_address,
    judge_authority,
    judge_failure,
    judge_ttl,
    judge_values,
    judge_wildcard,
)
from linkproof.verify.judge.dnssec import judge_signature
from linkproof.verify.judge.dnssec_lifetime import record_expires_soon
from linkproof.verify.judge.lag import authority_until, explaining
from linkproof.verify.judge.subject import Problem, Subject
from linkproof.verify.observations.answer import NoReply, Reply
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observations.zone import is_older
from linkproof.verify.result import Cell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from linkproof.expectations.model import PreviousRecord, RecordExpectation, ZoneExpectation
    from linkproof.verify.observations.record import RecordAnswers, RecordObservation
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.observations.vantage import Reachability, ServerAddress


# Resolvers give up after 9 (some stubs), 11 (BIND) or 17 (unbound): above 8 it depends on who asks.
MOST_CNAMES = 8
# Of a zone that is not declared.
_USUAL_PROPAGATION_SECONDS = 60
Signatures = Literal["none", "whole", "broken"]


@dataclass(frozen=True, slots=True)
class RecordContext:
    """What judging a record needs beside the answers.

    Args:
        zone: the declared zone that the record stands in, where there is one.
        past: what the record was before each of its changes.
        reach: what answered at all in this run.
        now: the moment of judging.
        negative_seconds: how long the servers of its zone let a negative answer live.
        edge: of the endpoint at the record's name, where there is one; `phase` likewise.
        signatures: what the authorities show of the zones that lead to its address: only where they are signed can an answer be bogus.
    """

    zone: ZoneExpectation | None
    past: tuple[PreviousRecord, ...]
    reach: Reachability
    now: datetime
    negative_seconds: int = 0
    signatures: Signatures = "none"
    edge: str = ""
    phase: str = ""

    @property
    def propagation_seconds(self) -> int:
        return self.zone.propagation_seconds if self.zone else _USUAL_PROPAGATION_SECONDS


def judge_record(
    record: RecordExpectation, seen: RecordObservation, context: RecordContext, zone_cells: Mapping[str, Cell]
) -> list[Cell]:
    """One cell for each address of each server, one for the target, one for the zone.

    Args:
        record: the expectation.
        seen: the answers.
        context: the past and the rest of the run.
        zone_cells: the cells of the record's zone by address; a server that fails there was not asked for the record.
    """
    subject = Subject(record.id, record.path, record.name, record.type)
    cells = [
        _judge_server(subject, record, server, answers, seen, context)
        for server, answers in sorted(seen.answers.items())
    ]
    cells += _unasked(subject, record, seen, zone_cells)
    cells += [
        subject.optional(vantage_of(server), f"IPv{server.family} is not declared for this record")
        for server in seen.optional_servers
    ]
    cells += _judge_zone_cut(subject, seen, context)
    if seen.target is not None and (any(cell.state == "right" for cell in cells) or seen.target.status == "loop"):
        cells.append(_judge_target(subject, record, seen.target))
    return cells


def until_of(
    record: RecordExpectation,
    seen_refresh_seconds: int | None,
    context: RecordContext,
    past: tuple[PreviousRecord, ...] | None = None,
) -> datetime | None:
    """When every authority must have left these states behind; by default all that the record ever was."""
    refresh = seen_refresh_seconds if context.zone and context.zone.transfer_group else None
    return authority_until(
        record,
        context.past if past is None else past,
        propagation_seconds=context.propagation_seconds,
        refresh_seconds=refresh,
    )


def _judge_server(
    subject: Subject,
    record: RecordExpectation,
    server: ServerAddress,
    answers: RecordAnswers,
    seen: RecordObservation,
    context: RecordContext,
) -> Cell:
    own, address = answers.own, answers.address
    for answer in (own, address):
        if isinstance(answer, NoReply):
            return judge_silence(subject, answer, context.reach, frozenset(), f"{answer.type} of {answer.name}")
    assert isinstance(own, Reply)
    problem = (
        judge_failure(record, own)
        or judge_authority(record, own, seen.zone.name)
        or judge_values(record, own, address, answers.denial)
        or judge_address(record, address)
    )
    until = None
    said = own
    if problem is None:
        problem = judge_signature(seen.zone, server, own, context.now)
    if (other := judge_repeats(record, answers, problem)) is not None:
        problem, said = other
    if problem is not None and problem.rule == "dns.flattened":
        problem = judge_flattened(record, address, seen, context.edge, context.phase) or problem
    if problem is not None:
        problem, until = _old_or_wrong(record, server, said, problem, seen, context)
    if problem is None or (problem.rule == "dns.wrong-value" and until is None):
        masked = judge_wildcard(record, own, seen.wildcard, is_right=problem is None)
        if problem is None:
            soon = record_expires_soon(seen.zone, server, own, context.now)
            warnings = tuple(item for item in (masked, judge_ttl(record, own), soon) if item)
            return subject.right(own.vantage, warnings)
        problem = masked or problem
    if problem.rule == "dns.missing-name" and until is None:
        problem = _doubled(record, seen, problem)
    return subject.cell(problem, own.vantage, until=until)


def _doubled(record: RecordExpectation, seen: RecordObservation, problem: Problem) -> Problem:
    """The same record one zone too deep: `x.example.com.example.com`."""
    found = seen.doubled
    if not isinstance(found, Reply) or not found.values(record.type):
        return problem
    observed = f"{problem.observed}, and {found.name} {record.type} {', '.join(found.values(record.type))}"
    return Problem("dns.double-suffix", problem.expected, observed)


def _old_or_wrong(
    record: RecordExpectation,
    server: ServerAddress,
    own: Reply,
    problem: Problem,
    seen: RecordObservation,
    context: RecordContext,
) -> tuple[Problem, datetime | None]:
    """An answer of before the change is allowed until its deadline; a lower serial names its reason."""
    soa = seen.zone.soa.get(server)
    serial = soa.soa_serial if isinstance(soa, Reply) else None
    refresh = soa.soa_refresh_seconds if isinstance(soa, Reply) else None
    best = seen.zone.best_serial
    is_about_content = problem.rule in {
        "dns.wrong-value",
        "dns.missing-name",
        "dns.missing-type",
        "dns.flattened",
        "dns.alias-record",
        "dns.parked",
        "dns.still-present",
        "dns.not-proxied",
        "dns.alternating",
    }
    # Serials of different DNS hosts have nothing to do with each other: only a declared transfer group compares them.
    in_group = context.zone is not None and context.zone.transfer_group is not None
    if is_about_content and in_group and serial is not None and best is not None and is_older(serial, best):
        why = f"a stale secondary: serial {serial}, another server has {best}"
        problem = replace(
            problem,
            rule="dns.stale-secondary",
            observed=f"{problem.observed}, serial {serial}",
            why=why,
            severity=None,
            fix="",
        )
    past = explaining(record, context.past, own) if is_about_content else ()
    if not past:
        return problem, None
    until = until_of(record, refresh, context, past)
    if until is None:
        return problem, None
    if context.now < until:
        return problem, until
    before = "as before the record was made" if past[0].absent else "its value before the change"
    late = f"{problem.observed}, {before}; that was allowed until {until:%Y-%m-%d %H:%M:%S} UTC"
    return replace(problem, observed=late), None


def _unasked(
    subject: Subject, record: RecordExpectation, seen: RecordObservation, zone_cells: Mapping[str, Cell]
) -> list[Cell]:
    cells = []
    for server in seen.zone.servers:
        if server in seen.answers or server.family not in record.families:
            continue
        zone_cell = zone_cells.get(server.address)
        if zone_cell is not None and zone_cell.state == "differs":
            cells.append(
                Cell(subject.id, vantage_of(server), "differs", reason=f"the server fails for all of {seen.zone.name}")
            )
        else:
            reason = zone_cell.reason if zone_cell is not None else "the server was not asked"
            cells.append(subject.could_not_check(vantage_of(server), reason))
    if not cells and not seen.answers:
        cells.append(
            subject.could_not_check(
                Vantage("authoritative", seen.zone.name, "", "udp"),
                f"no server of {seen.zone.name} has an address to ask",
            )
        )
    return cells


def _judge_zone_cut(subject: Subject, seen: RecordObservation, context: RecordContext) -> list[Cell]:
    if context.zone is None or context.zone.name == seen.zone.name or seen.zone.parent_vantage is None:
        return []
    problem = Problem(
        "dns.wrong-zone",
        f"in zone {context.zone.name}",
        f"in zone {seen.zone.name}",
        asked_name=seen.zone.name,
        asked_type="NS",
    )
    return [subject.cell(problem, seen.zone.parent_vantage)]


def _judge_target(subject: Subject, record: RecordExpectation, target: Resolved) -> Cell:
    vantage = target.last.vantage if target.last else Vantage("authoritative", target.chain[-1], "", "udp")
    wanted = "a TXT record" if record.resolve == "txt" else "an address"
    way = " → ".join(target.chain)
    asked_type = "TXT" if record.resolve == "txt" else "A"
    if target.status == "found":
        count = len(target.chain) - 1
        if count > MOST_CNAMES:
            problem = Problem("dns.chain-depth", f"at most {MOST_CNAMES} CNAMEs", f"{count} CNAMEs: {way}")
            return subject.right(vantage, (problem,))
        return subject.right(vantage)
    if target.status == "loop":
        return subject.cell(
            Problem(
                "dns.cname-loop",
                f"{expected_text(record)} leads to {wanted}",
                way,
                target.detail,
                asked_name=target.chain[-1],
                asked_type="CNAME",
            ),
            vantage,
        )
    if target.status == "missing":
        return subject.cell(
            Problem(
                "dns.dangling-target",
                f"{expected_text(record)} leads to {wanted}",
                f"{way}: {target.detail}",
                asked_name=target.chain[-1],
                asked_type=asked_type,
            ),
            vantage,
        )
    return subject.could_not_check(vantage, f"where {way} leads: {target.detail}")
