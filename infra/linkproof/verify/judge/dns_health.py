"""How one server carries DNS, and what each of the parent's servers says: mostly quirks, so mostly warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.answer import NoUsableReply, Reply

if TYPE_CHECKING:
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.vantage import Reachability, ServerAddress, Vantage
    from linkproof.verify.observations.zone import ZoneObservation
    from linkproof.verify.result import Cell

# Resolvers turn to another server after 0.4 to 1.5 s.
SLOW_SECONDS = 2.0


def server_warnings(zone: ZoneObservation, server: ServerAddress, reach: Reachability) -> tuple[Violation, ...]:
    """What resolvers notice at a server that does serve the zone.

    Args:
        zone: what its servers said.
        server: one of them.
        reach: what else answered, for a blocked TCP port 53 is not the server's fault.
    """
    found = (_edns(zone, server), _case(zone, server), _tcp(zone, server, reach), _slow(zone, server))
    return tuple(problem for problem in found if problem)


def blocked_tcp(zone: ZoneObservation, reach: Reachability) -> list[Vantage]:
    """Where TCP got no answer and nobody can tell whose fault that is."""
    return [
        answer.vantage
        for server, answer in sorted(zone.tcp.items())
        if isinstance(answer, NoUsableReply)
        and answer.kind != "malformed"
        and not reach.works_elsewhere("tcp", server.family, frozenset({server.address}))
    ]


def judge_parents(subject: FindingSubject, zone: ZoneObservation) -> list[Cell]:
    """The parent's servers against one another; those that are silent are somebody else's business.

    A server of both zones answers with the zone's own NS, not with the delegation, and says nothing here.
    """
    assert zone.parent_vantage
    groups: dict[tuple[str, ...], list[ServerAddress]] = {}
    for server, answer in sorted(zone.parents.items()):
        if isinstance(answer, Reply) and answer.rcode in {"NOERROR", "NXDOMAIN"}:
            names = _delegated(answer, zone.name)
            if answer.authoritative != bool(names):
                groups.setdefault(names, []).append(server)
    if len(groups) < 2:
        return []
    usual = zone.parent_servers if zone.parent_servers in groups else max(groups, key=lambda names: len(groups[names]))
    cells = []
    for names, servers in groups.items():
        if names == usual:
            continue
        where = ", ".join(sorted({server.server for server in servers}))
        observed = f"{', '.join(names) or 'no delegation'} at {where}"
        problem = Violation(
            "dns.parents-disagree",
            f"{', '.join(usual) or 'no delegation'} at every server of {zone.parent}",
            observed,
            severity=None if names else "error",
        )
        cells.append(subject.cell(problem, zone.parents[servers[0]].vantage))
    return cells


def _delegated(answer: Reply, zone: str) -> tuple[str, ...]:
    records = answer.answer + answer.authority
    return tuple(sorted({record.value for record in records if record.type == "NS" and record.name == zone}))


def _edns(zone: ZoneObservation, server: ServerAddress) -> Violation | None:
    answer = zone.soa[server]
    if isinstance(answer, Reply) and answer.edns_error:
        return Violation("dns.edns-unsupported", "an answer to EDNS version 0", answer.edns_error)
    pairs = zone.edns.get(server, ())
    if len(pairs) >= 3 and all(_is_lost(first) and isinstance(second, Reply) for first, second in pairs):
        observed = f"{len(pairs)} of {len(pairs)} lost with EDNS, none without"
        return Violation("dns.edns-dropped", "an answer to EDNS version 0", observed)
    return None


def _is_lost(answer: Answer) -> bool:
    return isinstance(answer, NoUsableReply) and answer.kind == "timeout"


def _case(zone: ZoneObservation, server: ServerAddress) -> Violation | None:
    answers = [answer for answer in (zone.soa[server], zone.ns.get(server)) if isinstance(answer, Reply)]
    if any(not answer.case_kept for answer in answers):
        return Violation("dns.case-mangled", "the question as it was sent", "the question in another case")
    return None


def _tcp(zone: ZoneObservation, server: ServerAddress, reach: Reachability) -> Violation | None:
    answer = zone.tcp.get(server)
    if not isinstance(answer, NoUsableReply) or server.address in {
        vantage.address for vantage in blocked_tcp(zone, reach)
    }:
        return None
    why = "no answer is cut short yet, but one that grows will be lost, and resolvers turn to TCP when they are rate-limited"
    return Violation("dns.tcp-unreachable", "SOA over TCP", f"nothing over TCP ({answer.detail})", why, "warning")


def _slow(zone: ZoneObservation, server: ServerAddress) -> Violation | None:
    own = _seconds(zone, server)
    others = [seconds for other in zone.soa if other != server and (seconds := _seconds(zone, other)) is not None]
    if own is None or own < SLOW_SECONDS or not others or min(others) > own / 2:
        return None
    return Violation("dns.slow", f"an answer within {SLOW_SECONDS:.0f} s", f"{own:.1f} s at best")


def _seconds(zone: ZoneObservation, server: ServerAddress) -> float | None:
    answers = [answer for answer in (zone.soa[server], zone.ns.get(server)) if isinstance(answer, Reply)]
    return min((answer.seconds for answer in answers), default=None)
