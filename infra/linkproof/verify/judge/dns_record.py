"""One record at every authoritative server of its zone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.judge.dns_flattened import judge_flattened
from linkproof.verify.judge.dns_repeats import judge_repeats, wrong_answers
from linkproof.verify.judge.dns_server import judge_silence, vantage_of
from linkproof.verify.judge.dns_target import judge_target
from linkproof.verify.judge.dns_values import (
    judge_address,
    judge_authority,
    judge_failure,
    judge_ttl,
    judge_values,
    judge_wildcard,
)
from linkproof.verify.judge.dnssec import judge_signature
from linkproof.verify.judge.dnssec_lifetime import record_expires_soon
from linkproof.verify.judge.lag import explaining_all
from linkproof.verify.judge.record_context import RecordContext, until_of
from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.answer import NoUsableReply, Reply
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observations.zone import is_older
from linkproof.verify.result import Cell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from linkproof.expectations.model import RecordExpectation
    from linkproof.verify.observations.record import RecordAnswers, RecordObservation
    from linkproof.verify.observations.vantage import ServerAddress


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
    subject = FindingSubject(record.id, record.path, record.name, record.type)
    cells = [
        _judge_server(subject, record, server, answers, seen, context)
        for server, answers in sorted(seen.answers.items(), key=_by_server)
    ]
    cells += _unasked(subject, record, seen, zone_cells)
    cells += [
        subject.optional(vantage_of(server), f"IPv{server.family} is not declared for this record")
        for server in seen.optional_servers
    ]
    cells += _judge_zone_cut(subject, seen, context)
    if seen.target is not None and (any(cell.state == "right" for cell in cells) or seen.target.status == "loop"):
        cells.append(judge_target(subject, record, seen.target))
    return cells


def _by_server(item: tuple[ServerAddress, RecordAnswers]) -> tuple[str, str]:
    return item[0].server, item[0].address


def _judge_server(
    subject: FindingSubject,
    record: RecordExpectation,
    server: ServerAddress,
    answers: RecordAnswers,
    seen: RecordObservation,
    context: RecordContext,
) -> Cell:
    own, address = answers.own, answers.address
    for answer in (own, address):
        if isinstance(answer, NoUsableReply):
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
        blamed = wrong_answers(record, answers) or (said,)
        problem, until = _old_or_wrong(record, server, blamed, problem, seen, context)
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


def _doubled(record: RecordExpectation, seen: RecordObservation, problem: Violation) -> Violation:
    """The same record one zone too deep: `x.example.com.example.com`."""
    found = seen.doubled
    if not isinstance(found, Reply) or not found.values(record.type):
        return problem
    observed = f"{problem.observed}, and {found.name} {record.type} {', '.join(found.values(record.type))}"
    return Violation("dns.double-suffix", problem.expected, observed)


def _old_or_wrong(
    record: RecordExpectation,
    server: ServerAddress,
    blamed: tuple[Reply, ...],
    problem: Violation,
    seen: RecordObservation,
    context: RecordContext,
) -> tuple[Violation, datetime | None]:
    """Answers of before the change are allowed until their deadline, beside right ones too; a lower serial names its reason.

    Args:
        blamed: every answer of the server that is wrong by itself.
    """
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
    may_be_old = is_about_content or problem.rule == "dns.cname-coexistence"
    past = explaining_all(record, context.past, blamed) if may_be_old else ()
    if not past:
        return problem, None
    until = until_of(record, refresh, context, past)
    if until is None:
        return problem, None
    if context.asked < until:
        return problem, until
    before = "as before the record was made" if past[0].absent else "its value before the change"
    late = f"{problem.observed}, {before}; that was allowed until {until:%Y-%m-%d %H:%M:%S} UTC"
    return replace(problem, observed=late), None


def _unasked(
    subject: FindingSubject, record: RecordExpectation, seen: RecordObservation, zone_cells: Mapping[str, Cell]
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


def _judge_zone_cut(subject: FindingSubject, seen: RecordObservation, context: RecordContext) -> list[Cell]:
    if context.zone is None or context.zone.name == seen.zone.name or seen.zone.parent_vantage is None:
        return []
    problem = Violation(
        "dns.wrong-zone",
        f"in zone {context.zone.name}",
        f"in zone {seen.zone.name}",
        asked_name=seen.zone.name,
        asked_type="NS",
    )
    return [subject.cell(problem, seen.zone.parent_vantage)]
