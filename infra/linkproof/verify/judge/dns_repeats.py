"""Several answers of one server about one record: right and wrong ones among them are a matter of chance for users."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from linkproof.verify.judge.dns_values import expected_text, is_match, judge_values, observed_text
from linkproof.verify.judge.subject import Violation
from linkproof.verify.observations.answer import Reply

if TYPE_CHECKING:
    from linkproof.expectations.model import RecordExpectation
    from linkproof.verify.observations.record import RecordAnswers

# What one more answer can change about a verdict; the others are about the server or the name as a whole.
_ABOUT_VALUES = frozenset(
    {"dns.wrong-value", "dns.missing-name", "dns.missing-type", "dns.flattened", "dns.not-proxied"}
)


def judge_repeats(
    record: RecordExpectation, answers: RecordAnswers, problem: Violation | None
) -> tuple[Violation, Reply] | None:
    """A server whose answers differ, and one of its wrong answers; None where all say the same.

    Args:
        record: the expectation.
        answers: of one server; the first one is its own.
        problem: what is wrong with the first answer.
    """
    own = answers.own
    if record.match == "absent" or not isinstance(own, Reply) or (problem and problem.rule not in _ABOUT_VALUES):
        return None
    if problem and record.served != "as-declared" and problem.rule != "dns.not-proxied":
        return None
    others = _others(record, answers)
    wrong = ([own] if problem else []) + [one for one in others if not _is_right(record, one)]
    right = ([] if problem else [own]) + [one for one in others if one not in wrong]
    if not wrong or not right:
        return None
    counted = Counter(observed_text(one, record.type) for one in [own, *others])
    said = "; ".join(f"{text} ({count} of {len(others) + 1})" for text, count in counted.most_common(4))
    asked = wrong[0].type
    return Violation("dns.alternating", expected_text(record), said, asked_type=asked), wrong[0]


def wrong_answers(record: RecordExpectation, answers: RecordAnswers) -> tuple[Reply, ...]:
    """Those of one server that are wrong each by itself, whatever the others say.

    A change may come to a server between two questions, so what a set of answers shows together is no state that the record ever had.

    Args:
        record: the expectation.
        answers: of one server.
    """
    own = (answers.own,) if isinstance(answers.own, Reply) else ()
    if record.match == "absent":
        return tuple(one for one in own if judge_values(record, one) is not None)
    return tuple(one for one in (*own, *_others(record, answers)) if not _is_right_alone(record, one))


def _others(record: RecordExpectation, answers: RecordAnswers) -> list[Reply]:
    """The further answers about the record that say something."""
    found = [one for one in (answers.address, *answers.repeats) if isinstance(one, Reply) and _says_something(one)]
    return found if record.type == "CNAME" else [one for one in found if one.type == record.type]


def _is_right_alone(record: RecordExpectation, reply: Reply) -> bool:
    if record.type != "CNAME":
        return judge_values(record, reply) is None
    if record.served == "as-declared":
        return is_match(record, reply.values("CNAME")) and not reply.values("A") + reply.values("AAAA")
    return reply.rcode == "NOERROR" and not reply.values("CNAME") and (reply.type != "A" or bool(reply.values("A")))


def _says_something(reply: Reply) -> bool:
    """A type that a server does not know, or refuses, says nothing about the record."""
    return reply.authoritative and reply.rcode in {"NOERROR", "NXDOMAIN"}


def _is_right(record: RecordExpectation, reply: Reply) -> bool:
    if record.type != "CNAME":
        return judge_values(record, reply) is None
    cnames = reply.values("CNAME")
    if record.served != "as-declared":
        return not cnames
    return is_match(record, cnames)
