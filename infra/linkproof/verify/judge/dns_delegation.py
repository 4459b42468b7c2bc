"""What is odd about a zone's delegation and SOA although its servers can be found and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.answer import Reply
from linkproof.verify.values import is_in_zone

if TYPE_CHECKING:
    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.observations.zone import ZoneObservation
    from linkproof.verify.result import Cell


def judge_care(subject: FindingSubject, zone: ZoneObservation) -> list[Cell]:
    """Each oddity once for the zone."""
    cells = _missing_glue(subject, zone) + _aliases(subject, zone) + _one_server(subject, zone)
    if found := _timers(zone):
        problem, vantage = found
        cells.append(subject.cell(problem, vantage))
    return cells


def _aliases(subject: FindingSubject, zone: ZoneObservation) -> list[Cell]:
    cells = []
    for name, resolved in sorted(zone.aliases.items()):
        if resolved.last is not None:
            problem = Violation(
                "dns.ns-is-cname",
                f"{name} with an address of its own",
                " → ".join(resolved.chain),
                asked_name=name,
                asked_type="A",
            )
            cells.append(subject.cell(problem, resolved.last.vantage))
    return cells


def _one_server(subject: FindingSubject, zone: ZoneObservation) -> list[Cell]:
    """One name, or names that all lead to one host; a name without a known address may lead to another one."""
    own = {name for answer in zone.ns.values() if isinstance(answer, Reply) for name in answer.values("NS")}
    if not own or zone.parent_vantage is None:
        return []
    elsewhere = {
        item.value
        for answer in zone.parents.values()
        if isinstance(answer, Reply)
        for item in answer.answer + answer.authority
        if item.type == "NS" and item.name == zone.name
    }
    names = sorted({*own, *elsewhere, *zone.parent_servers, *(server.server for server in zone.servers)})
    addresses = [frozenset(one.address for one in zone.servers if one.server == name) for name in names]
    if len(names) > 1:
        # an IPv4 and an IPv6 address may be one host's; two of one family are two hosts
        families = [6 if ":" in address else 4 for address in addresses[0]]
        if not families or len(set(addresses)) > 1 or len(set(families)) < len(families):
            return []
    shown = f"{', '.join(names)} at {', '.join(sorted(addresses[0])) or 'no known address'}"
    problem = Violation("dns.one-server", "two servers or more, at addresses of their own", shown, asked_type="NS")
    return [subject.cell(problem, zone.parent_vantage)]


def _timers(zone: ZoneObservation) -> tuple[Violation, Vantage] | None:
    """The first server's SOA that lets secondaries drop the zone before they have asked for it again."""
    for _, answer in sorted(zone.soa.items()):
        values = answer.values("SOA") if isinstance(answer, Reply) else ()
        fields = values[0].split() if values else []
        if len(fields) != 7 or not all(field.isdigit() for field in fields[2:]):
            continue
        refresh, expire = int(fields[3]), int(fields[5])
        if expire <= refresh:
            expected = f"an expire of more than the refresh of {refresh} s"
            return Violation("dns.soa-expires-early", expected, f"expire {expire} s"), answer.vantage
    return None


def _missing_glue(subject: FindingSubject, zone: ZoneObservation) -> list[Cell]:
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
            problem = Violation("dns.missing-glue", expected, f"no address of {name}", asked_type="NS")
            cells.append(subject.cell(problem, referrals[0].vantage))
    return cells
