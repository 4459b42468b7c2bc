"""One record at one resolver, asked only once all of the record's authorities are right."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.judge.dns_copies import FILTERED, STALE, Copies
from linkproof.verify.judge.dns_failures import ANSWERS, judge_failing
from linkproof.verify.judge.dns_server import judge_silence
from linkproof.verify.judge.dns_values import expected_text
from linkproof.verify.judge.lag import explaining, held_seconds, later
from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.answer import NoUsableReply, Reply

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import RecordExpectation
    from linkproof.verify.judge.record_context import RecordContext
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.result import Cell

_LOOK_AT_IT = (
    "look at that resolver: a filter, a zone of its own, or a cache beyond its TTL; if it is yours, flush the name"
)
_ALONE_WITHOUT_ADDRESS = "this resolver alone gives no address, so clicks of its users fail; the authorities give one"
_STALE_ONCE = (
    "the next answer to the same question was right: this resolver gives whoever asks first after the end of a copy the old answer, and only then "
    "asks anew (it serves expired answers, some without any end)"
)
_STALE_ONCE_FIX = (
    "nothing to mend at the zone: keep the edge that clicks have left for a day or more, since each such resolver leads its next click there; "
    "if the resolver is yours, let it serve expired answers only while the zone's servers are silent"
)
_ALTERNATES = "the next answer to the same question was right: this resolver gives different answers from one question to the next"
# Which cell of one resolver stands for all of its copies.
_ORDER = {"differs": 0, "could-not-check": 1, "lagging": 2, "right": 3, "optional": 4}


def judge_resolver(copies: Copies, failing_since: datetime | None = None) -> Cell:
    """Judge what one resolver said about one record: each copy by itself, and the worst of them stands for all.

    Args:
        copies: what it said, for each type and form of the question.
        failing_since: when it was first seen to fail for this record.
    """
    record, context = copies.record, copies.context
    subject = FindingSubject(record.id, record.path, record.name, record.type)
    own = copies.answers.own
    if isinstance(own, Reply) and FILTERED & set(own.extended_errors):
        return subject.cell(_filtered(expected_text(record), own), own.vantage)
    cells = [_judge_copy(subject, copies, copy, failing_since) for copy in copies.all()]
    worst = min(cells, key=lambda cell: _ORDER[cell.state])
    if worst.state == "lagging":
        return replace(worst, until=max(cell.until for cell in cells if cell.until is not None))
    if worst.state != "right":
        return worst
    warnings = tuple({finding.rule: finding for cell in cells for finding in reversed(cell.warnings)}.values())
    assert isinstance(own, Reply)
    last = copies.answers.last(own)
    authentic = _authentic(subject, last if isinstance(last, Reply) else own, copies.answers.control, context)
    return replace(authentic, warnings=(*authentic.warnings, *warnings)) if authentic.state == "right" else authentic


def _judge_copy(subject: FindingSubject, copies: Copies, first: Answer, failing_since: datetime | None) -> Cell:
    record, context = copies.record, copies.context
    if isinstance(first, NoUsableReply):
        return _silent(subject, first, context)
    last = copies.answers.last(first)
    reply = last if isinstance(last, Reply) and first.rcode not in ANSWERS else first
    if reply.rcode not in ANSWERS:
        if not copies.is_failing(first):
            return subject.right(first.vantage)
        failing = judge_failing(subject, record, copies.answers, reply, context, failing_since)
        if isinstance(failing, Violation):
            is_own = first is copies.answers.own
            # the target is somebody else's zone: what the authorities say of it is judged there
            at_end = failing if is_own else replace(failing, observed=f"{reply.type}: {failing.observed}")
            return subject.cell(at_end if is_own else replace(at_end, asked_type=reply.type), reply.vantage)
        return failing
    problem = copies.problem(reply)
    if problem is None:
        return subject.right(reply.vantage)
    return _judge_wrong(subject, copies, reply, problem)


def _judge_wrong(subject: FindingSubject, copies: Copies, reply: Reply, problem: Violation) -> Cell:
    """A copy that is not what is declared: filtered, stale, within its time, or wrong."""
    context = copies.context
    codes = copies.codes(reply)
    if FILTERED & codes:
        filtered = _filtered(problem.expected, reply, codes)
        return subject.cell(
            replace(filtered, observed=f"{reply.type}: {filtered.observed}", asked_type=reply.type), reply.vantage
        )
    if problem.rule in {"dns.missing-name", "dns.missing-type"} and reply is not copies.answers.own:
        problem = replace(problem, why=_ALONE_WITHOUT_ADDRESS, fix=_LOOK_AT_IT)
    again = copies.answers.last(reply)
    is_over = again is not reply and isinstance(again, Reply) and again.rcode in ANSWERS and not copies.problem(again)
    if is_over and (STALE & codes or explaining(copies.record, context.past, reply)):
        stale = replace(problem, rule="dns.served-stale", severity="warning", why=_STALE_ONCE, fix=_STALE_ONCE_FIX)
        return subject.cell(stale, reply.vantage)
    if STALE & codes:
        stale = replace(
            problem, rule="dns.served-stale", observed=f"{problem.observed}, {_codes(codes)}", why="", fix=""
        )
        return subject.cell(stale, reply.vantage, until=copies.stale_until(reply))
    until = copies.allowed_until(reply) or copies.counted_down(reply)
    if until is not None:
        return subject.cell(problem, reply.vantage, until=until)
    if is_over:
        return subject.cell(replace(problem, why=_ALTERNATES, fix=_LOOK_AT_IT), reply.vantage)
    return subject.cell(_alone(problem, reply.vantage), reply.vantage)


def _filtered(expected: str, answer: Reply, codes: frozenset[int] | None = None) -> Violation:
    return Violation("dns.filtered", expected, f"{answer.rcode}, {_codes(codes or frozenset(answer.extended_errors))}")


def _codes(codes: frozenset[int]) -> str:
    return f"extended error {', '.join(str(code) for code in sorted(codes))}"


def _alone(problem: Violation, vantage: Vantage) -> Violation:
    """A resolver over UDP is asked only once every authority is right; one over TLS or HTTPS may stand in for all of them."""
    if vantage.transport != "udp" or problem.why:
        return problem
    why = "this resolver alone answers so; every authoritative server of the name is right"
    return replace(problem, why=why, fix=_LOOK_AT_IT)


def _silent(subject: FindingSubject, answer: NoUsableReply, context: RecordContext) -> Cell:
    where = frozenset({answer.vantage.address})
    return judge_silence(subject, answer, context.reach, where, f"{answer.type} of {answer.name}")


def _authentic(subject: FindingSubject, own: Reply, control: Answer | None, context: RecordContext) -> Cell:
    """The right value; of a zone that is declared as signed it must be authentic too, where the resolver's word can be trusted."""
    if context.zone is None or context.zone.dnssec != "signed" or own.authentic or control is None:
        return subject.right(own.vantage)
    if not (isinstance(control, Reply) and control.authentic and _is_trusted(own.vantage)):
        # this resolver does not validate, or its AD may be anybody's: it says nothing about signatures
        return subject.right(own.vantage)
    problem = Violation("dns.dnssec-insecure", "an authentic answer (AD=1)", "the right value with AD=0")
    return subject.cell(problem, own.vantage)


def _is_trusted(vantage: Vantage) -> bool:
    """AD is worth something only where nobody on the way can set it (RFC 6840 §5.8)."""
    if vantage.transport in {"tls", "https"}:
        return True
    try:
        return ipaddress.ip_address(vantage.address).is_loopback
    except ValueError:
        return False


def judge_unasked_resolver(
    record: RecordExpectation, vantage: Vantage, authority_cells: list[Cell], context: RecordContext
) -> Cell:
    """Why a resolver was not asked: our own question would plant the old or the negative answer in it."""
    subject = FindingSubject(record.id, record.path, record.name, record.type)
    waiting = [cell for cell in authority_cells if cell.state != "right"]
    if waiting and all(cell.state == "lagging" for cell in waiting) and context.past:
        moment = max(cell.until for cell in waiting if cell.until)
        until = later(moment, max(held_seconds(entry, context.negative_seconds) for entry in context.past))
        problem = Violation(
            "dns.wrong-value", expected_text(record), "not asked: an authority still holds the old state"
        )
        return subject.cell(problem, vantage, until=until)
    count = f"{len(waiting)} answer{'s' if len(waiting) != 1 else ''}"
    reason = (
        f"not asked: {count} of the authorities not right or missing, and asking could plant an old or a negative one"
    )
    return subject.could_not_check(vantage, reason)
