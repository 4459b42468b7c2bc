"""Addresses in place of a CNAME: proxied or flattened, an alias that leads to the same place, a wildcard, or a domain that has expired."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infra.verify.judge.subject import Problem
from infra.verify.observations import Reply

if TYPE_CHECKING:
    from infra.verify.observations import Answer, RecordObservation

# Labels in the names of servers to which registrars delegate a domain that nobody has renewed or verified.
_PARKING = re.compile(
    r"(?:^|\.)(?:expired?|expired-domains?|expirens|renewyourname|pendingrenewaldeletion|parking|parked|dns-parking|parkingcrew"
    r"|sedoparking|bodis|suspended|suspended-domain|failed-whois-verification|verify-contact-details)[0-9]*(?=\.)"
)


def judge_flattened(problem: Problem, address: Answer | None, seen: RecordObservation, phase: str | None) -> Problem:
    """The same problem by its cause, where the answers tell it.

    Args:
        problem: `dns.flattened`; any other comes back as it is.
        address: the answer to A for the name.
        seen: everything else about the record.
        phase: of the link whose click host it is, where it is one.
    """
    if problem.rule != "dns.flattened" or not isinstance(address, Reply):
        return problem
    shown = set(address.values("A"))
    below = seen.wildcard
    if isinstance(below, Reply) and shown and set(below.values("A")) == shown:
        return _nobodys(problem, below, seen)
    target = seen.target
    leads = {item.value for item in target.records if item.type == "A"} if target is not None else set()
    if shown and shown & leads and phase in {"live", "secured"}:
        assert target is not None
        observed = f"{problem.observed}, as {target.chain[1]} has"
        return Problem("dns.alias-in-place", problem.expected, observed)
    return problem


def _nobodys(problem: Problem, below: Reply, seen: RecordObservation) -> Problem:
    """A random name below it has the same addresses, so the name itself does not exist."""
    observed = f"{problem.observed}, as any name below it has"
    parking = next((name for name in sorted({one.server for one in seen.zone.servers}) if _PARKING.search(name)), None)
    if parking is not None:
        return Problem("dns.parked", problem.expected, f"{observed}; {seen.zone.name} is served by {parking}")
    why = "the record does not exist; a wildcard gives everybody its addresses. If nobody here made it, the domain may have expired"
    return Problem(
        "dns.masked-by-wildcard",
        problem.expected,
        observed,
        why,
        severity="error",
        asked_name=below.name,
        asked_type="A",
    )
