"""One verification by several processes: what `verify --jobs N` does."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.shards.jobs.joined_cells import joined_cells
from linkproof.shards.jobs.messages import Task
from linkproof.shards.jobs.share import shares
from linkproof.shards.jobs.team import Team

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from linkproof.expectations.model import Expectations
    from linkproof.shards.jobs.share import Share
    from linkproof.shards.jobs.team import Member
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.result import Cell, VerificationResult


def verify_together(
    expectations: Expectations,
    options: VerifyOptions,
    jobs: int,
    *,
    places: Mapping[str, str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> VerificationResult:
    """Verify by several processes; the result says what that of `linkproof.verify.run.verify` says.

    A process that is lost takes nothing but its share with it: that is *could not check*, with the reason.

    Args:
        expectations, options, places, progress: as of `verify`; no evidence is kept.
        jobs: how many processes at most; with fewer groups of zones there are fewer.

    Raises:
        LinkproofError: as `verify`.
    """
    from linkproof.verify.observe.dns.root_hints import load_hints
    from linkproof.verify.observe.edge.certificates import verifying_context
    from linkproof.verify.run import verify
    from linkproof.verify.survey.rounds import conclusion

    divided = shares(expectations, jobs)
    if len(divided) < 2:
        return verify(expectations, options, places=places, progress=progress)
    # what cannot be read is refused before anybody is started
    load_hints(options.hints), verifying_context(options.ca)
    started = time.monotonic()
    tasks = [Task(expectations, options, share, len(divided), progress is not None) for share in divided]
    with Team(tasks, progress or _silent) as team:
        team.work()
        found = [(share, _cells(share, one, len(divided))) for share, one in zip(divided, team.members, strict=True)]
    reports = [member.report for member in team.members if member.report is not None]
    timing = _timing([report.timing for report in reports], time.monotonic() - started)
    result = conclusion(expectations, options, joined_cells(found, expectations), timing, places or {})
    return replace(result, requests=tuple(request for report in reports for request in report.sent))


def _cells(share: Share, member: Member, processes: int) -> Mapping[str, list[Cell]]:
    """What it reported; of a lost one, that nothing of its share was seen."""
    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.result import Cell

    if member.report is not None:
        return member.report.cells
    reason = (
        f"process {member.number} of {processes}, which was to ask, did not report: {member.failure}; "
        "run it again, with fewer --jobs where memory is short"
    )
    servers, edges = Vantage("authoritative", "every server", "", "udp"), Vantage("edge", "every edge", "", "https")
    ids = [(zone, servers) for zone in sorted(share.zones)]
    ids += [(record.id, servers) for record in share.scope.records]
    ids += [(item.id, servers) for item in share.scope.caa]
    ids += [(item.id, edges) for item in share.scope.endpoints]
    return {one: [Cell(one, vantage, "could-not-check", reason=reason)] for one, vantage in ids}


def _timing(each: Sequence[Mapping[str, float]], seconds: float) -> dict[str, float]:
    """They work beside each other: the most rounds count; questions add up."""
    return {
        "total_seconds": round(seconds, 3),
        "rounds": max((one["rounds"] for one in each), default=0.0),
        "dns_queries": sum(one["dns_queries"] for one in each),
        "stray_packets": sum(one["stray_packets"] for one in each),
    }


def _silent(_: str) -> None:
    return None
