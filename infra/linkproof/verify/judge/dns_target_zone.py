"""A zone that click hosts lead to: somebody else's, so only what keeps users from an address is judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.judge.dns_server import healthy_servers, judge_silence, server_problem, vantage_of
from linkproof.verify.judge.dnssec import judge_keys
from linkproof.verify.observations.answer import NoUsableReply

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.verify.judge.subject import FindingSubject
    from linkproof.verify.observations.vantage import Reachability
    from linkproof.verify.observations.zone import ZoneObservation
    from linkproof.verify.result import Cell

_FIX = "tell whoever runs that zone, and see whether the declared target is still the right one; clicks fail until then"


def judge_target_zone(subject: FindingSubject, zone: ZoneObservation, reach: Reachability, now: datetime) -> list[Cell]:
    """Cells where no server serves the zone, or one gives signatures that no resolver takes.

    Args:
        subject: the zone, with the ids of what leads there.
        zone: what its servers said.
        reach: what else answered in this run.
        now: for the dates of signatures.
    """
    cells: list[Cell] = []
    if zone.soa and not healthy_servers(zone):
        count = len(zone.soa)
        why = f"all {count} server addresses of {zone.name}, to which the link leads, fail alike or otherwise: nobody gets an address from it"
        for server, answer in sorted(zone.soa.items()):
            if isinstance(answer, NoUsableReply):
                cells.append(judge_silence(subject, answer, reach, zone.all_addresses, f"SOA of {zone.name}"))
            elif (problem := server_problem(zone, answer)) is not None:
                cells.append(subject.cell(replace(problem, why=why, fix=_FIX), vantage_of(server)))
    for server in healthy_servers(zone):
        problem = judge_keys(zone, server, now)
        if problem is not None:
            cells.append(subject.cell(replace(problem, fix=_FIX), vantage_of(server)))
    return cells
