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
    others = [one for one in (answers.address, *answers.repeats) if isinstance(one, Reply) and _says_something(one)]
    if record.type != "CNAME":
        others = [one for one in others if one.type == record.type]
    wrong = ([own] if problem else []) + [one for one in others if not _is_right(record, one)]
    right = ([] if problem else [own]) + [one for one in others if one not in wrong]
    if not wrong or not right:
        return None
    counted = Counter(observed_text(one, record.type) for one in [own, *others])
    said = "; ".join(f"{text} ({count} of {len(others) + 1})" for text, count in counted.most_common(4))
    asked = wrong[0].type
    return Violation("dns.alternating", expected_text(record), said, asked_type=asked), wrong[0]


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
