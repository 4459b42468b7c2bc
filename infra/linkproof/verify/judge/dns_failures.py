"""A resolver that fails or refuses: broken signatures, dead servers, a policy, or a failure that it only remembers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from linkproof.verify.judge.dns_values import BOGUS, expected_text, failure, observed_text
from linkproof.verify.judge.subject import Violation
from linkproof.verify.observations.answer import Reply

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import RecordExpectation
    from linkproof.verify.judge.record_context import RecordContext
    from linkproof.verify.judge.subject import FindingSubject
    from linkproof.verify.observations.record import RecordAnswers
    from linkproof.verify.result import Cell

# The longest that a resolver was seen to remember one failure of others: 120 s. RFC 9520 §3.2 allows 5 minutes.
REMEMBERED = timedelta(seconds=130)
ANSWERS = frozenset({"NOERROR", "NXDOMAIN"})


def may_pass(answers: RecordAnswers, reply: Reply, context: RecordContext) -> bool:
    """Whether a failure is worth asking again within the round; some resolvers remember it for questions with CD as well."""
    if reply.rcode == "REFUSED":
        return not _refuses_us(answers)
    return context.signatures != "broken" and not (context.signatures == "whole" and BOGUS & set(reply.extended_errors))


def is_passing(answers: RecordAnswers, reply: Reply, context: RecordContext) -> bool:
    """Whether a failure may be one that the resolver remembers: what it holds, and not what it would find out now."""
    if reply.rcode == "REFUSED":
        return not _refuses_us(answers)
    if not (isinstance(answers.unchecked, Reply) and answers.unchecked.rcode in ANSWERS):
        return False
    return context.signatures != "broken" and not BOGUS & set(reply.extended_errors)


def judge_failing(
    subject: FindingSubject,
    record: RecordExpectation,
    answers: RecordAnswers,
    reply: Reply,
    context: RecordContext,
    since: datetime | None,
) -> Cell | Violation:
    """What a code that is no answer means; a cell where nothing is certain yet.

    Args:
        subject: of the record.
        record: the expectation.
        answers: all that the resolver said.
        reply: the failing one, also when it was asked again.
        context: the rest of the run.
        since: when this resolver was first seen to fail for the record.
    """
    if reply.rcode == "REFUSED" and _refuses_us(answers):
        return subject.could_not_check(reply.vantage, "this resolver refuses to serve us", can_change=False)
    if is_passing(answers, reply, context):
        if since is None or context.now - since < REMEMBERED:
            return subject.could_not_check(reply.vantage, _may_pass(answers, reply))
        for_seconds = int((context.now - since).total_seconds())
        if reply.rcode == "REFUSED":
            why = (
                f"this resolver alone refuses this one name, and has for {for_seconds} s: no failure that it remembers"
            )
            fix = "look at that resolver: a policy or filter for this name, or servers of the zone that refuse it alone"
            return Violation("dns.refused", expected_text(record), "REFUSED", why, fix=fix)
        why = f"for {for_seconds} s, which is longer than a resolver remembers a failure"
        return _failed(record, answers, reply, context, f"{why}; " if context.signatures == "none" else "")
    if reply.rcode == "REFUSED":
        return Violation("dns.refused", expected_text(record), "REFUSED")
    return _failed(record, answers, reply, context, "")


def _failed(
    record: RecordExpectation, answers: RecordAnswers, reply: Reply, context: RecordContext, how_long: str
) -> Violation:
    problem, unchecked = failure(expected_text(record), reply), answers.unchecked
    observed = problem.observed
    is_answered = isinstance(unchecked, Reply) and unchecked.rcode in ANSWERS
    if isinstance(unchecked, Reply) and is_answered:
        observed += f"; with CD=1 {observed_text(unchecked, unchecked.type)}"
    if context.signatures == "none":
        if is_answered or problem.rule == "dns.dnssec-bogus":
            why = f"{how_long}the zone has no DS, so no signature of its own can be broken: look at the zones above and at that resolver"
            return Violation("dns.server-failure", problem.expected, observed, why)
    elif is_answered:
        return Violation("dns.dnssec-bogus", problem.expected, observed)
    if unchecked is not None and not is_answered and problem.rule == "dns.server-failure":
        why = "CD=1 brings no answer out either, so this is no signature: the resolver cannot reach the zone's servers"
        return Violation(problem.rule, problem.expected, observed, why)
    return Violation(problem.rule, problem.expected, observed)


def _may_pass(answers: RecordAnswers, reply: Reply) -> str:
    beside = "which answers other names" if reply.rcode == "REFUSED" else "and with CD=1 an answer"
    if isinstance(answers.unchecked, Reply) and reply.rcode != "REFUSED":
        beside = f"and with CD=1 {observed_text(answers.unchecked, answers.unchecked.type)}"
    what = "this resolver" if reply.rcode != "REFUSED" else "this resolver,"
    return (
        f"{reply.type} {reply.rcode} from {what} {beside}: a failure of a while ago, which resolvers remember for up to 2 minutes, "
        "or one that stays; fix: verify again then, or with --wait 3m, which tells them apart"
    )


def _refuses_us(answers: RecordAnswers) -> bool:
    """Whether it refuses the root as well."""
    return not (isinstance(answers.control, Reply) and answers.control.rcode in ANSWERS)
