"""Whether somebody on the way answers DNS in everybody's place; then no authoritative answer counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.answer import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.result import Cell

NETWORK_ID = "network/dns"


def judge_interception(control: Answer | None) -> list[Cell]:
    """Judge the control query to an address that nobody has: any answer is a forgery by the network we stand in."""
    if not isinstance(control, Reply):
        return []
    subject = FindingSubject(NETWORK_ID, "", ".", "SOA")
    problem = Violation("dns.intercepted", "silence", f"{control.rcode} from {control.vantage.address}")
    reason = f"DNS is intercepted on the way: {control.vantage.address}, which nobody has, answered"
    cell = subject.could_not_check(control.vantage, reason)
    return [replace(cell, warnings=(subject.finding(problem, control.vantage),))]


def distrust(cells: Mapping[str, list[Cell]]) -> dict[str, list[Cell]]:
    """The same cells with nothing that rests on an authoritative server's answer: neither a pass nor a finding."""
    reason = "DNS is intercepted on the way from here, so the server itself was not heard"
    return {
        key: [
            replace(cell, state="could-not-check", finding=None, warnings=(), reason=reason, until=None)
            if cell.vantage.kind == "authoritative" and cell.state != "optional"
            else cell
            for cell in group
        ]
        for key, group in cells.items()
    }
