"""What is odd about a zone's delegation although its servers can be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.verify.judge.subject import Problem, Subject
from infra.verify.observations import Reply
from infra.verify.values import is_in_zone

if TYPE_CHECKING:
    from infra.verify.observations import ZoneObservation
    from infra.verify.result import Cell


def judge_missing_glue(subject: Subject, zone: ZoneObservation) -> list[Cell]:
    """Servers inside the zone whose address none of the parent's servers gives.

    A parent's server that serves the zone as well answers with the zone's own NS, beside which no address need stand.
    """
    referrals = [
        answer
        for _, answer in sorted(zone.parents.items())
        if isinstance(answer, Reply)
        and not answer.authoritative
        and any(item.type == "NS" and item.name == zone.name for item in answer.authority)
    ]
    if not referrals:
        return []
    given = {item.name for answer in referrals for item in answer.additional if item.type in {"A", "AAAA"}}
    cells = []
    for name in zone.parent_servers:
        addresses = sorted({server.address for server in zone.servers if server.server == name})
        if addresses and name not in given and is_in_zone(name, zone.name):
            expected = f"{name} {', '.join(addresses)} beside the delegation of {zone.name}"
            problem = Problem("dns.missing-glue", expected, f"no address of {name}", asked_type="NS")
            cells.append(subject.cell(problem, referrals[0].vantage))
    return cells
