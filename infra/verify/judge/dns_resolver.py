"""One record at one resolver, asked only once all of the record's authorities are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.verify.judge.dns_server import judge_silence
from infra.verify.judge.dns_values import expected_text, judge_values
from infra.verify.judge.lag import is_old, resolver_until
from infra.verify.judge.subject import Problem, Subject
from infra.verify.observations import NoReply, Reply

if TYPE_CHECKING:
    from datetime import datetime

    from infra.expectations.model import RecordExpectation
    from infra.verify.judge.dns_record import RecordContext
    from infra.verify.observations import RecordAnswers, Vantage
    from infra.verify.result import Cell

# RFC 8914 §4.16-4.18: blocked, censored, filtered.
_FILTERED = frozenset({15, 16, 17})


def judge_resolver(
    record: RecordExpectation,
    answers: RecordAnswers,
    context: RecordContext,
    *,
    authorities_until: datetime | None,
    last_seen_old: datetime | None,
) -> Cell:
    """Judge one resolver's answer.

    Args:
        record: the expectation.
        answers: what the resolver said.
        context: the past and the rest of the run.
        authorities_until: when every authority had to have the change.
        last_seen_old: when this run last saw an authority with the old state.
    """
    subject = Subject(record.id, record.path, record.name, record.type)
    for answer in (answers.own, answers.address):
        if isinstance(answer, NoReply):
            return judge_silence(
                subject, answer, context.reach, frozenset({answer.vantage.address}), f"{answer.type} of {answer.name}"
            )
    own = answers.own
    assert isinstance(own, Reply)
    if own.rcode == "REFUSED":
        return subject.could_not_check(own.vantage, "this resolver refuses to serve us", can_change=False)
    if _FILTERED & set(own.extended_errors):
        codes = ", ".join(str(code) for code in own.extended_errors)
        return subject.cell(
            Problem("dns.filtered", expected_text(record), f"{own.rcode}, extended error {codes}"), own.vantage
        )
    if own.rcode not in {"NOERROR", "NXDOMAIN"}:
        return subject.cell(Problem("dns.server-failure", expected_text(record), own.rcode), own.vantage)
    problem = judge_values(record, own, answers.address)
    if problem is None:
        return subject.right(own.vantage)
    if context.previous is not None and is_old(record, context.previous, own):
        until = resolver_until(context.previous, authorities_until, last_seen_old)
        if until is not None and context.now < until:
            return subject.cell(problem, own.vantage, until=until)
    return subject.cell(problem, own.vantage)


def judge_unasked_resolver(
    record: RecordExpectation, vantage: Vantage, authority_cells: list[Cell], context: RecordContext
) -> Cell:
    """Why a resolver was not asked: our own question would plant the old or the negative answer in it."""
    subject = Subject(record.id, record.path, record.name, record.type)
    waiting = [cell for cell in authority_cells if cell.state != "right"]
    if waiting and all(cell.state == "lagging" for cell in waiting) and context.previous is not None:
        moment = max(cell.until for cell in waiting if cell.until)
        until = resolver_until(context.previous, moment, None)
        problem = Problem("dns.wrong-value", expected_text(record), "not asked: an authority still holds the old state")
        if until is not None:
            return subject.cell(problem, vantage, until=until)
    return subject.could_not_check(
        vantage, f"not asked: {len(waiting)} answers of the authorities are not right yet, and asking would plant them"
    )
