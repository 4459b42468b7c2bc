"""Whether CAA lets one of an edge's CAs issue for a host (RFC 8659), under the conditions that it sets (RFC 8657)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.judge.caa_parameters import unmet
from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.vantage import Vantage

if TYPE_CHECKING:
    from linkproof.expectations.model import CaaExpectation
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.result import Cell

_KNOWN_TAGS = frozenset({"issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone"})
_CRITICAL = 128


def judge_caa(expectation: CaaExpectation, found: Resolved, account: str = "") -> Cell:
    """Judge the set that decides.

    Args:
        expectation: the CAs, of which any one suffices.
        found: the first non-empty set from the host upwards; `missing` when there is none at all.
        account: the URI of the account that orders; empty where an edge orders, with one of its own.
    """
    subject = FindingSubject(expectation.id, expectation.path, f"{expectation.host}.", "CAA")
    vantage = found.last.vantage if found.last else Vantage("authoritative", found.chain[-1], "", "udp")
    if found.status in {"unknown", "loop"}:
        # a failure to look CAA up is never permission
        if found.failing is not None:
            said = f"{found.failing.rcode} from every server of {found.chain[-1]}"
            expected = f"CAA of {found.chain[-1]}, or none"
            problem = Violation("dns.caa-failing", expected, said, asked_name=found.chain[-1])
            return subject.cell(problem, found.failing.vantage)
        return subject.could_not_check(vantage, f"CAA of {found.chain[0]}: {found.detail}")
    expected = f"one of {', '.join(expectation.cas)} may issue"
    observed = f"{found.chain[-1]}: {'; '.join(record.value for record in found.records)}"
    issuers: list[tuple[str, str]] = []
    for record in found.records:
        flags, tag, value = record.value.split(" ", 2)
        if tag not in _KNOWN_TAGS and flags.isdigit() and int(flags) & _CRITICAL:
            return subject.cell(
                Violation(
                    "dns.caa-forbids",
                    expected,
                    observed,
                    f"the critical tag {tag!r} is unknown to CAs, so none may issue",
                    asked_name=found.chain[-1],
                ),
                vantage,
            )
        if tag == "issue":
            ca, _, parameters = value.strip('"').partition(";")
            issuers.append((ca.strip().lower(), parameters))
    cas = {ca.lower() for ca in expectation.cas}
    ours = [(ca, parameters) for ca, parameters in issuers if ca in cas]
    if issuers and not ours:
        return subject.cell(Violation("dns.caa-forbids", expected, observed, asked_name=found.chain[-1]), vantage)
    reasons = [unmet(ca, parameters, expectation.methods, account) for ca, parameters in ours]
    if not reasons or None in reasons:
        return subject.right(vantage)
    # any one of them suffices, so the mildest decides: what a CA may pass over today keeps the certificate coming
    mildest = min((reason for reason in reasons if reason is not None), key=lambda reason: reason.severity != "warning")
    return subject.cell(
        Violation("dns.caa-parameters", expected, observed, mildest.text, mildest.severity, asked_name=found.chain[-1]),
        vantage,
    )
