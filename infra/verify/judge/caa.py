"""Whether CAA lets one of an edge's CAs issue for a host (RFC 8659)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.verify.judge.subject import Problem, Subject
from infra.verify.observations import Vantage

if TYPE_CHECKING:
    from infra.expectations.model import CaaExpectation
    from infra.verify.observations import Resolved
    from infra.verify.result import Cell

_KNOWN_TAGS = frozenset({"issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone"})
_CRITICAL = 128


def judge_caa(expectation: CaaExpectation, found: Resolved) -> Cell:
    """Judge the set that decides.

    Args:
        expectation: the CAs, of which any one suffices.
        found: the first non-empty set from the host upwards; `missing` when there is none at all.
    """
    subject = Subject(expectation.id, expectation.path, f"{expectation.host}.", "CAA")
    vantage = found.last.vantage if found.last else Vantage("authoritative", found.chain[-1], "", "udp")
    if found.status in {"unknown", "loop"}:
        # a failure to look CAA up is never permission
        return subject.could_not_check(vantage, f"CAA of {found.chain[0]}: {found.detail}")
    expected = f"one of {', '.join(expectation.cas)} may issue"
    observed = f"{found.chain[-1]}: {'; '.join(record.value for record in found.records)}"
    issuers: list[str] = []
    for record in found.records:
        flags, tag, value = record.value.split(" ", 2)
        if tag not in _KNOWN_TAGS and flags.isdigit() and int(flags) & _CRITICAL:
            return subject.cell(
                Problem(
                    "dns.caa-forbids",
                    expected,
                    observed,
                    f"the critical tag {tag!r} is unknown to CAs, so none may issue",
                    asked_name=found.chain[-1],
                ),
                vantage,
            )
        if tag == "issue":
            issuers.append(value.strip('"').split(";", 1)[0].strip().lower())
    if issuers and not set(issuers) & {ca.lower() for ca in expectation.cas}:
        return subject.cell(Problem("dns.caa-forbids", expected, observed, asked_name=found.chain[-1]), vantage)
    return subject.right(vantage)
