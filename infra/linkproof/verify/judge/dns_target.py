"""Where a record's CNAME leads in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.judge.dns_values import (
    expected_text,
)
from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.vantage import Vantage

if TYPE_CHECKING:
    from linkproof.expectations.model import RecordExpectation
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.result import Cell


# Resolvers give up after 9 (some stubs), 11 (BIND) or 17 (unbound): above 8 it depends on who asks.
MOST_CNAMES = 8


def judge_target(subject: FindingSubject, record: RecordExpectation, target: Resolved) -> Cell:
    vantage = target.last.vantage if target.last else Vantage("authoritative", target.chain[-1], "", "udp")
    wanted = "a TXT record" if record.resolve == "txt" else "an address"
    way = " → ".join(target.chain)
    asked_type = "TXT" if record.resolve == "txt" else "A"
    if target.status == "found":
        count = len(target.chain) - 1
        if count > MOST_CNAMES:
            problem = Violation("dns.chain-depth", f"at most {MOST_CNAMES} CNAMEs", f"{count} CNAMEs: {way}")
            return subject.right(vantage, (problem,))
        return subject.right(vantage)
    if target.status == "loop":
        return subject.cell(
            Violation(
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
            Violation(
                "dns.dangling-target",
                f"{expected_text(record)} leads to {wanted}",
                f"{way}: {target.detail}",
                asked_name=target.chain[-1],
                asked_type=asked_type,
            ),
            vantage,
        )
    return subject.could_not_check(vantage, f"where {way} leads: {target.detail}")
