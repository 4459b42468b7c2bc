"""The copies of one record at one resolver: it may hold another one for each type and each form of the question (RFC 1034 §3.6.2 knows one)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from linkproof.verify.judge.dns_failures import ANSWERS, may_pass
from linkproof.verify.judge.dns_resolver_address import missing_address, missing_until
from linkproof.verify.judge.dns_values import expected_text, is_match, judge_values
from linkproof.verify.judge.lag import explaining, held_seconds, later, left_seconds, resolver_until
from linkproof.verify.judge.subject import Violation
from linkproof.verify.observations.answer import Reply

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import RecordExpectation
    from linkproof.verify.judge.record_context import RecordContext
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.record import RecordAnswers
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.result import Severity

# RFC 8914 §4.4 and §4.20: stale answer, stale NXDOMAIN.
STALE = frozenset({3, 19})
# RFC 8767 §5: how long an expired answer may be served, at most.
MAX_STALE = timedelta(days=3)
# RFC 8914 §4.16-4.18: blocked, censored, filtered.
FILTERED = frozenset({15, 16, 17})
# Without these a user has no address; of the others only what a copy says of the record itself is judged.
_NEEDED = frozenset({"A"})


@dataclass(frozen=True, slots=True)
class Copies:
    """What one resolver said about one record, beside what is known of its past.

    Args:
        record: the expectation.
        answers: what the resolver said.
        context: the past and the rest of the run.
        last_seen_old: when this run last saw an authority with an old state.
        target: where the record's CNAME leads by its authorities, where they were asked.
    """

    record: RecordExpectation
    answers: RecordAnswers
    context: RecordContext
    last_seen_old: datetime | None
    target: Resolved | None

    def all(self) -> tuple[Answer, ...]:
        """Every copy, the record's own type first, the programs' forms last."""
        answers = self.answers
        address = () if answers.address is None else (answers.address,)
        return (answers.own, *address, *answers.users)

    def codes(self, reply: Reply) -> frozenset[int]:
        """The extended errors of an answer; a form without EDNS has none, so there those of the others count."""
        if reply.extended_errors or reply.with_edns:
            return frozenset(reply.extended_errors)
        beside = (self.answers.own, self.answers.address)
        return frozenset(code for one in beside if isinstance(one, Reply) for code in one.extended_errors)

    def is_failing(self, reply: Reply) -> bool:
        """Whether a user fails with this answer; a type that a resolver does not know harms nobody."""
        return reply.rcode not in ANSWERS and (reply is self.answers.own or reply.type in _NEEDED)

    def problem(self, reply: Reply) -> Violation | None:
        """What is wrong in one copy, before it is known whether it may still be old."""
        record, own = self.record, self.answers.own
        if reply.rcode not in ANSWERS:
            return None
        if reply is own or reply is self.answers.last(own):
            if record.served != "as-declared" and isinstance(self.answers.address, Reply):
                return self._in_place_of_cname(reply)
            # addresses beside a CNAME are that copy's matter, for it may be the older one
            beside = None if reply.values(record.type) and record.served == "as-declared" else self.answers.address
            return judge_values(record, reply, beside)
        if record.served != "as-declared":
            return self._labelled(reply, self._in_place_of_cname(reply))
        return self._beside_cname(reply)

    def _in_place_of_cname(self, reply: Reply) -> Violation | None:
        """One copy at a name that shows addresses alone: what the others show may be of another time."""
        expected = expected_text(self.record)
        if reply.rcode == "NXDOMAIN":
            severity: Severity | None = None if reply.type in {"CNAME", *_NEEDED} else "warning"
            return Violation("dns.missing-name", expected, f"NXDOMAIN for {reply.name}", severity=severity)
        if cnames := reply.values("CNAME"):
            return Violation("dns.not-proxied", expected, f"CNAME {', '.join(cnames)}")
        if reply.type in _NEEDED and not reply.values(reply.type):
            return Violation("dns.missing-type", expected, "neither CNAME nor A")
        return None

    def _beside_cname(self, reply: Reply) -> Violation | None:
        """The CNAME in the answer to a question for addresses, which is what users follow."""
        record = self.record
        cnames = reply.values("CNAME")
        expected = "" if cnames else expected_text(record)
        if cnames:
            if not is_match(record, cnames):
                return self._labelled(reply, Violation("dns.wrong-value", expected_text(record), ", ".join(cnames)))
        elif reply.rcode == "NXDOMAIN":
            if reply.type != "A" or missing_address(record, reply, self.target) is None:
                # with an address most programs go on, whatever another type says
                severity: Severity | None = None if reply.type in _NEEDED else "warning"
                gone = Violation("dns.missing-name", expected, f"NXDOMAIN for {reply.name}", severity=severity)
                return self._labelled(reply, gone)
        elif shown := [item.value for item in reply.answer if item.name == reply.name and item.type == reply.type]:
            problem = Violation("dns.cname-coexistence", expected, f"{', '.join(shown)} and no CNAME")
            return self._labelled(reply, problem)
        elif not reply.answer and reply.type not in _NEEDED and explaining(record, self.context.past, reply):
            return self._labelled(reply, Violation("dns.missing-type", expected, "no CNAME"))
        missing = missing_address(record, reply, self.target) if reply.type == "A" else None
        return replace(missing, observed=f"{self._label(reply)}{missing.observed[1:]}") if missing else None

    def allowed_until(self, reply: Reply) -> datetime | None:
        """When this copy must be gone; None where nothing allows it, or allows it no more."""
        context, record = self.context, self.record
        limit = self.limit(reply)
        if limit is None or context.asked >= limit:
            return None
        # what the copy says of itself is the end of it; a copy without time left says nothing
        left = left_seconds(reply, record.type, at_end=self._is_at_end(reply))
        return later(context.now, left) if left else limit

    def limit(self, reply: Reply) -> datetime | None:
        """When the last copy like this must be gone at whatever resolver, by what is known of the record's past."""
        context, record = self.context, self.record
        past = () if self._is_at_end(reply) else explaining(record, context.past, reply)
        if past:
            return resolver_until(
                record,
                past,
                propagation_seconds=context.propagation_seconds,
                negative_seconds=context.negative_seconds,
                last_seen_old=self.last_seen_old,
            )
        if missing_address(record, reply, self.target) is not None:
            return missing_until(record, reply, context, self.last_seen_old)
        return None

    def stale_until(self, reply: Reply) -> datetime | None:
        """Until when a resolver may serve a copy that it calls stale itself; None where that is over, or nothing is known of it."""
        limit = self.limit(reply)
        end = later(limit, MAX_STALE.total_seconds()) if limit is not None else None
        return end if end is not None and self.context.now < end else None

    def counted_down(self, reply: Reply) -> datetime | None:
        """The end of an old copy that was served with a longer TTL than is known: one that counts down is a cache's, and within its time."""
        again, past = self.answers.last(reply), explaining(self.record, self.context.past, reply)
        if again is reply or not isinstance(again, Reply) or not past:
            return None
        first, then = (left_seconds(one, self.record.type) for one in (reply, again))
        held = max(held_seconds(entry, self.context.negative_seconds) for entry in past)
        return later(self.context.now, then) if first > held and 0 < then < first else None

    def is_doubtful(self, reply: Answer) -> bool:
        """Whether the next answer to the same question may be another one, and tells what the first one was."""
        last = self.answers.last(reply)
        if not isinstance(last, Reply) or not isinstance(reply, Reply):
            return False
        if last.rcode not in ANSWERS:
            return self.is_failing(reply) and may_pass(self.answers, last, self.context)
        if self.problem(last) is None or self.codes(reply) & FILTERED:
            return False
        if self.codes(reply) & STALE and self.stale_until(reply) is not None:
            return False
        return self.allowed_until(last) is None and self.counted_down(reply) is None

    def _is_at_end(self, reply: Reply) -> bool:
        """Whether the CNAME is right, and the fault is with what it leads to."""
        cnames = reply.values("CNAME")
        return self.record.served == "as-declared" and bool(cnames) and is_match(self.record, cnames)

    def _labelled(self, reply: Reply, problem: Violation | None) -> Violation | None:
        if problem is None:
            return None
        return replace(problem, observed=f"{self._label(reply)}: {problem.observed}", asked_type=reply.type)

    def _label(self, reply: Reply) -> str:
        return reply.type if reply.with_edns else f"{reply.type}, asked as programs do"
