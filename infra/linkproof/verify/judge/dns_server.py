"""One authoritative server and its zone: judged once, whatever number of records depends on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.judge.dns_delegation import judge_care
from linkproof.verify.judge.dns_denial import denial_warnings, judge_denial
from linkproof.verify.judge.dns_health import blocked_tcp, judge_parents, server_warnings
from linkproof.verify.judge.dns_probes import probe_warnings
from linkproof.verify.judge.dns_values import failure
from linkproof.verify.judge.dnssec import judge_common_keys, judge_declared, judge_keys
from linkproof.verify.judge.dnssec_lifetime import apex_expires_soon
from linkproof.verify.judge.dnssec_strength import judge_weakness
from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.answer import NoUsableReply, Reply
from linkproof.verify.observations.vantage import ServerAddress, Vantage
from linkproof.verify.values import is_in_zone

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import ZoneExpectation
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.vantage import Reachability
    from linkproof.verify.observations.zone import ZoneObservation
    from linkproof.verify.result import Cell


def vantage_of(server: ServerAddress) -> Vantage:
    return Vantage("authoritative", server.server, server.address, "udp")


def healthy_servers(zone: ZoneObservation) -> tuple[ServerAddress, ...]:
    """The servers that serve the zone; only they are asked for its records."""
    return tuple(
        server
        for server, answer in sorted(zone.soa.items())
        if isinstance(answer, Reply) and server_problem(zone, answer) is None
    )


def judge_zone(
    subject: FindingSubject, zone: ZoneObservation, reach: Reachability, declared: ZoneExpectation | None, now: datetime
) -> list[Cell]:
    """One cell for each server of the zone, then the delegation.

    Args:
        subject: the zone, with the ids of what depends on it.
        zone: what its parent and its servers said.
        reach: what else answered in this run, so that a silent server can be told from a blocked network.
        declared: the zone's expectation, where there is one.
        now: the moment of judging, for signatures have dates.
    """
    cells = []
    for server, answer in sorted(zone.soa.items()):
        if isinstance(answer, NoUsableReply):
            cells.append(judge_silence(subject, answer, reach, zone.all_addresses, f"SOA of {zone.name}"))
            continue
        problem = server_problem(zone, answer) or judge_keys(zone, server, now) or judge_common_keys(zone, server, now)
        problem = problem or judge_denial(zone, server, now)
        soon = apex_expires_soon(zone, server, now)
        warnings = (*server_warnings(zone, server, reach), *probe_warnings(zone, server))
        warnings += (*denial_warnings(zone, server), *((soon,) if soon else ()))
        cells.append(
            subject.cell(problem, vantage_of(server)) if problem else subject.right(vantage_of(server), warnings)
        )
    cells += [
        subject.optional(vantage, "TCP got no answer, and nobody else's over TCP either: the network may block it")
        for vantage in blocked_tcp(zone, reach)
    ]
    cells += _judge_delegation(subject, zone)
    cells += judge_declared(subject, zone, declared, zone.parent_vantage or Vantage("authoritative", ".", "", "udp"))
    cells += judge_weakness(subject, zone, now)
    return cells


def judge_silence(
    subject: FindingSubject, answer: NoUsableReply, reach: Reachability, own_addresses: frozenset[str], expected: str
) -> Cell:
    """No answer: a fault of the server only if the same way works from here to someone else."""

    def broken(rule: str, observed: str) -> Cell:
        problem = Violation(rule, expected, observed, asked_name=answer.name, asked_type=answer.type)
        if answer.vantage.kind == "resolver":
            why = "this resolver gives no answer that can be used, while others do from here"
            problem = replace(problem, why=why, fix="look at that resolver and the way to it, or ask another one")
        return subject.cell(problem, answer.vantage)

    if answer.kind == "unreachable":
        return subject.could_not_check(answer.vantage, f"no way from here: {answer.detail}")
    if answer.kind == "given-up":
        return subject.could_not_check(answer.vantage, answer.detail)
    if answer.kind == "tcp" and ("tcp", answer.vantage.address) in reach.answered:
        # one connection of many: a limit or a busy server, and no closed port
        reason = "cut short over UDP, and over TCP, by which this server answered other questions, no answer in time"
        return subject.could_not_check(answer.vantage, reason)
    if answer.kind == "tcp" and not reach.works_elsewhere(
        "tcp", answer.vantage.family, frozenset({answer.vantage.address})
    ):
        return subject.could_not_check(
            answer.vantage, "cut short over UDP, and TCP reached nobody from here: the network may block it"
        )
    if answer.kind == "tcp":
        return broken("dns.tcp-unreachable", f"cut short over UDP, nothing over TCP ({answer.detail})")
    if answer.kind == "malformed":
        observed = f"{answer.malformed_packets} packets that cannot be read"
        return broken("dns.malformed", observed)
    observed = "no answer" if answer.kind == "timeout" else f"no answer ({answer.detail})"
    if answer.ignored_packets:
        observed += f"; {answer.ignored_packets} packets that answer another question were ignored"
    if reach.works_elsewhere(answer.vantage.transport, answer.vantage.family, own_addresses):
        return broken("dns.timeout", observed)
    how = f"{answer.vantage.transport.upper()} over IPv{answer.vantage.family}"
    return subject.could_not_check(
        answer.vantage, f"{observed}, and {how} reached nobody else from here: the network may block it"
    )


def server_problem(zone: ZoneObservation, reply: Reply) -> Violation | None:
    expected = f"SOA of {zone.name} with authority"
    if reply.rcode == "REFUSED":
        return Violation("dns.lame-refused", expected, "REFUSED")
    if reply.rcode not in {"NOERROR", "NXDOMAIN"}:
        return failure(expected, reply)
    if reply.values("SOA"):
        return None if reply.authoritative else _forwarder(expected, reply)
    referrals = sorted({item.name for item in reply.authority if item.type == "NS"})
    above = [name for name in referrals if name != zone.name and is_in_zone(zone.name, name)]
    if above and not reply.authoritative:
        return Violation("dns.lame-upward-referral", expected, f"a referral to {above[0]}")
    what = "NXDOMAIN" if reply.rcode == "NXDOMAIN" else "no SOA"
    return Violation("dns.lame-nonauth", expected, f"{what} {'with' if reply.authoritative else 'without'} AA")


def _forwarder(expected: str, reply: Reply) -> Violation:
    why = "it offers recursion: a resolver answers in its place, at that address or on the way there"
    return Violation("dns.non-authoritative", expected, "the SOA without AA", why if reply.recursion_available else "")


def _judge_delegation(subject: FindingSubject, zone: ZoneObservation) -> list[Cell]:
    """The parent's view against the zone's own; a warning unless a server is listed that does not serve the zone."""
    if not zone.parent_vantage:
        return []
    cells: list[Cell] = []
    parent = zone.parent_vantage
    healthy = healthy_servers(zone)
    working = {server.server for server in healthy}
    faulty = {
        server.server for server, answer in zone.soa.items() if server not in healthy and not _is_blocked(answer)
    } - working
    for name, reason, is_certain in zone.unresolved:
        if is_certain:
            problem = Violation(
                "dns.dangling-delegation",
                f"{name} with an address",
                reason,
                f"{name} is listed for {zone.name} and cannot be asked",
                asked_type="NS",
            )
            cells.append(subject.cell(problem, parent))
        else:
            cells.append(subject.could_not_check(parent, f"address of {name}: {reason}"))
    differing: dict[tuple[str, ...], list[ServerAddress]] = {}
    for server, answer in sorted(zone.ns.items()):
        names = _own_servers(answer)
        if names and server in healthy and names != tuple(sorted(zone.parent_servers)):
            differing.setdefault(names, []).append(server)
    for names, servers in differing.items():
        one_sided = set(names) ^ set(zone.parent_servers)
        dead = sorted(one_sided & faulty)
        why = f"{', '.join(dead)} is listed on one side and does not serve the zone" if dead else ""
        problem = Violation(
            "dns.delegation-mismatch",
            f"NS of the parent {zone.parent}: {', '.join(zone.parent_servers)}",
            f"NS of the zone: {', '.join(names)}",
            why,
            "error" if dead else None,
            asked_type="NS",
        )
        cells.append(subject.cell(problem, vantage_of(servers[0])))
    cells += _judge_glue(subject, zone)
    cells += judge_care(subject, zone)
    cells += judge_parents(subject, zone)
    return cells


def _judge_glue(subject: FindingSubject, zone: ZoneObservation) -> list[Cell]:
    cells = []
    assert zone.parent_vantage
    for name in sorted({server.server for server in zone.addresses}):
        in_zone = {server.address for server in zone.addresses if server.server == name}
        in_parent = {server.address for server in zone.glue if server.server == name}
        # the parent may leave the other family out; what it gives must be right
        if in_parent - in_zone:
            expected, observed = f"{name} {', '.join(sorted(in_zone))}", f"glue {', '.join(sorted(in_parent))}"
            problem = Violation(
                "dns.delegation-mismatch",
                expected,
                observed,
                "the parent's glue differs from the zone's own addresses",
                asked_type="NS",
            )
            cells.append(subject.cell(problem, zone.parent_vantage))
    return cells


def _own_servers(answer: Answer) -> tuple[str, ...]:
    return tuple(sorted(set(answer.values("NS")))) if isinstance(answer, Reply) else ()


def _is_blocked(answer: Answer) -> bool:
    return isinstance(answer, NoUsableReply) and answer.kind == "unreachable"
