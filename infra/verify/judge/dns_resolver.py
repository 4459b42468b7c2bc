"""One record at one resolver, asked only once all of the record's authorities are right."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from infra.verify.judge.dns_resolver_address import missing_address, missing_until
from infra.verify.judge.dns_server import judge_silence
from infra.verify.judge.dns_values import expected_text, failure, judge_values, observed_text
from infra.verify.judge.lag import is_old, later, resolver_until
from infra.verify.judge.subject import Problem, Subject
from infra.verify.observations import NoReply, Reply

if TYPE_CHECKING:
    from datetime import datetime

    from infra.expectations.model import RecordExpectation
    from infra.verify.judge.dns_record import RecordContext
    from infra.verify.observations import Answer, RecordAnswers, Resolved, Vantage
    from infra.verify.result import Cell

# RFC 8914 §4.4 and §4.20: stale answer, stale NXDOMAIN.
_STALE = frozenset({3, 19})
# RFC 8767 §5: how long an expired answer may be served, at most.
MAX_STALE = timedelta(days=3)
# RFC 8914 §4.16-4.18: blocked, censored, filtered.
_FILTERED = frozenset({15, 16, 17})


_LOOK_AT_IT = (
    "look at that resolver: a filter, a zone of its own, or a cache beyond its TTL; if it is yours, flush the name"
)
_ALONE_WITHOUT_ADDRESS = "this resolver alone gives no address, so clicks of its users fail; the authorities give one"


def judge_resolver(
    record: RecordExpectation,
    answers: RecordAnswers,
    context: RecordContext,
    *,
    authorities_until: datetime | None,
    last_seen_old: datetime | None,
    target: Resolved | None = None,
) -> Cell:
    """Judge one resolver's answer.

    Args:
        record: the expectation.
        answers: what the resolver said.
        context: the past and the rest of the run.
        authorities_until: when every authority had to have the change.
        last_seen_old: when this run last saw an authority with the old state.
        target: where the record's CNAME leads by its authorities, where they were asked.
    """
    subject = Subject(record.id, record.path, record.name, record.type)
    own = answers.own
    if isinstance(own, NoReply):
        return _silent(subject, own, context)
    if own.rcode == "REFUSED":
        return subject.could_not_check(own.vantage, "this resolver refuses to serve us", can_change=False)
    if _FILTERED & set(own.extended_errors):
        return subject.cell(_filtered(expected_text(record), own), own.vantage)
    if own.rcode not in {"NOERROR", "NXDOMAIN"}:
        return subject.cell(_failed(record, own, answers.unchecked), own.vantage)
    problem = judge_values(record, own, answers.address)
    if problem is None and isinstance(answers.address, NoReply):
        return _silent(subject, answers.address, context)
    if problem is None and isinstance(answers.address, Reply) and answers.address.rcode not in {"NOERROR", "NXDOMAIN"}:
        # the target is somebody else's zone: what the authorities say of it is judged there
        at_end = _failed(record, answers.address, answers.unchecked)
        return subject.cell(replace(at_end, observed=f"A: {at_end.observed}", asked_type="A"), own.vantage)
    if problem is None and (missing := missing_address(record, answers.address, target)) is not None:
        assert isinstance(answers.address, Reply)
        until = missing_until(record, answers.address, context, authorities_until, last_seen_old)
        return _without_address(subject, missing, answers.address, context, until)
    if problem is None:
        return _authentic(subject, own, answers.control, context)
    was_right = is_old(record, context.previous, own)
    if _STALE & set(own.extended_errors):
        return _stale(subject, problem, own, context if was_right else None, authorities_until)
    if context.previous is not None and was_right:
        until = resolver_until(context.previous, authorities_until, last_seen_old)
        if until is not None and context.now < until:
            return subject.cell(problem, own.vantage, until=until)
    return subject.cell(_alone(problem, own.vantage), own.vantage)


def _without_address(
    subject: Subject, problem: Problem, address: Reply, context: RecordContext, until: datetime | None
) -> Cell:
    """The right CNAME and no address; what the resolver says of its reasons goes first."""
    if _FILTERED & set(address.extended_errors):
        filtered = _filtered(problem.expected, address)
        return subject.cell(replace(filtered, observed=f"A: {filtered.observed}", asked_type="A"), address.vantage)
    problem = replace(problem, why=_ALONE_WITHOUT_ADDRESS, fix=_LOOK_AT_IT)
    if _STALE & set(address.extended_errors):
        observed = f"{problem.observed}, {_codes(address)}"
        problem = replace(problem, rule="dns.served-stale", observed=observed, why="", fix="")
        until = later(until, MAX_STALE.total_seconds()) if until is not None else None
    if until is not None and context.now >= until:
        until = None
    return subject.cell(problem, address.vantage, until=until)


def _filtered(expected: str, answer: Reply) -> Problem:
    return Problem("dns.filtered", expected, f"{answer.rcode}, {_codes(answer)}")


def _codes(answer: Reply) -> str:
    return f"extended error {', '.join(str(code) for code in answer.extended_errors)}"


def _alone(problem: Problem, vantage: Vantage) -> Problem:
    """A resolver over UDP is asked only once every authority is right; one over TLS or HTTPS may stand in for all of them."""
    if vantage.transport != "udp" or problem.why:
        return problem
    why = "this resolver alone answers so; every authoritative server of the name is right"
    return replace(problem, why=why, fix=_LOOK_AT_IT)


def _silent(subject: Subject, answer: NoReply, context: RecordContext) -> Cell:
    where = frozenset({answer.vantage.address})
    return judge_silence(subject, answer, context.reach, where, f"{answer.type} of {answer.name}")


def _failed(record: RecordExpectation, own: Reply, unchecked: Answer | None) -> Problem:
    """SERVFAIL: a broken signature when CD brings the answer out, a dead or broken server when it does not."""
    problem = failure(expected_text(record), own)
    if isinstance(unchecked, Reply) and unchecked.rcode in {"NOERROR", "NXDOMAIN"}:
        observed = f"{problem.observed}; with CD=1 {observed_text(unchecked, own.type)}"
        return Problem("dns.dnssec-bogus", problem.expected, observed)
    if unchecked is not None and problem.rule == "dns.server-failure":
        why = "CD=1 brings no answer out either, so this is no signature: the resolver cannot reach the zone's servers"
        return Problem(problem.rule, problem.expected, problem.observed, why)
    return problem


def _authentic(subject: Subject, own: Reply, control: Answer | None, context: RecordContext) -> Cell:
    """The right value; of a zone that is declared as signed it must be authentic too, where the resolver's word can be trusted."""
    if context.zone is None or context.zone.dnssec != "signed" or own.authentic or control is None:
        return subject.right(own.vantage)
    if not (isinstance(control, Reply) and control.authentic and _is_trusted(own.vantage)):
        # this resolver does not validate, or its AD may be anybody's: it says nothing about signatures
        return subject.right(own.vantage)
    problem = Problem("dns.dnssec-insecure", "an authentic answer (AD=1)", "the right value with AD=0")
    return subject.cell(problem, own.vantage)


def _is_trusted(vantage: Vantage) -> bool:
    """AD is worth something only where nobody on the way can set it (RFC 6840 §5.8)."""
    if vantage.transport in {"tls", "https"}:
        return True
    try:
        return ipaddress.ip_address(vantage.address).is_loopback
    except ValueError:
        return False


def _stale(
    subject: Subject, problem: Problem, own: Reply, context: RecordContext | None, authorities_until: datetime | None
) -> Cell:
    """An answer of before, as the resolver says itself; without `context` it is not known to have ever been right."""
    stale = Problem("dns.served-stale", problem.expected, f"{problem.observed}, {_codes(own)}")
    if context is not None and context.previous is not None:
        until = resolver_until(context.previous, authorities_until, None)
        end = later(until, MAX_STALE.total_seconds()) if until is not None else None
        if end is not None and context.now < end:
            return subject.cell(stale, own.vantage, until=end)
    return subject.cell(stale, own.vantage)


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
    count = f"{len(waiting)} answer{'s' if len(waiting) != 1 else ''}"
    reason = (
        f"not asked: {count} of the authorities not right or missing, and asking could plant an old or a negative one"
    )
    return subject.could_not_check(vantage, reason)
