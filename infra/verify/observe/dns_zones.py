"""Ask every authoritative server: first about its zone, then about each record."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from infra.verify.observations import (
    Answer,
    RecordAnswers,
    RecordObservation,
    Reply,
    Resolved,
    ServerAddress,
    ZoneObservation,
)
from infra.verify.observe.dns_health import observe_health
from infra.verify.observe.dns_transport import DNSSEC, PLAIN
from infra.verify.values import is_in_zone

if TYPE_CHECKING:
    from infra.expectations.model import RecordExpectation
    from infra.verify.observe.dns_walk import Cut, Walker


def served_by(zone: ZoneObservation, families: tuple[int, ...]) -> tuple[ServerAddress, ...]:
    return tuple(server for server in zone.servers if server.family in families)


async def observe_zone(walker: Walker, cut: Cut, families: tuple[int, ...]) -> ZoneObservation:
    """Ask SOA and NS at the apex of every server that the parent, or any of the zone's own servers, names.

    Args:
        walker: finds addresses and asks.
        cut: the zone as its parent delegates it.
        families: address families to ask over; the other addresses are only listed.
    """
    servers = list(cut.servers)
    unresolved = list(cut.unresolved)
    addresses: list[ServerAddress] = []
    soa: dict[ServerAddress, Answer] = {}
    ns: dict[ServerAddress, Answer] = {}
    named = set(cut.parent_servers)
    fresh = [server for server in servers if server.family in families]
    while fresh:
        answers = await asyncio.gather(
            *(walker.ask(server, cut.name, what) for server in fresh for what in ("SOA", "NS"))
        )
        for position, server in enumerate(fresh):
            soa[server], ns[server] = answers[2 * position], answers[2 * position + 1]
        # Servers that only the zone itself names are asked as well; whatever they name in turn, too.
        child = {value for answer in ns.values() if isinstance(answer, Reply) for value in answer.values("NS")}
        fresh = []
        for name in sorted(child - named)[:26]:
            named.add(name)
            found, reason, certain = await _addresses_in(walker, cut, soa, name)
            unresolved += [] if found else [(name, reason, certain)]
            fresh += [ServerAddress(name, address) for address in found]
        servers += fresh
        fresh = [server for server in fresh if server.family in families and server not in soa]
    for name in sorted({server.server for server in cut.glue if is_in_zone(server.server, cut.name)}):
        found, _, _ = await _addresses_in(walker, cut, soa, name)
        addresses += [ServerAddress(name, address) for address in found]
        # An address that only the zone gives is one more server to ask.
        for server in (ServerAddress(name, address) for address in found):
            if server not in servers:
                servers.append(server)
                if server.family in families:
                    soa[server], ns[server] = await asyncio.gather(
                        walker.ask(server, cut.name, "SOA"), walker.ask(server, cut.name, "NS")
                    )
    seen = ZoneObservation(
        name=cut.name,
        parent=cut.parent,
        parent_vantage=cut.parent_vantage,
        parent_servers=cut.parent_servers,
        glue=cut.glue,
        addresses=tuple(addresses),
        unresolved=tuple(unresolved),
        servers=tuple(sorted(set(servers))),
        soa=soa,
        ns=ns,
    )
    return await observe_health(walker, cut, seen)


async def _addresses_in(
    walker: Walker, cut: Cut, soa: dict[ServerAddress, Answer], name: str
) -> tuple[tuple[str, ...], str, bool]:
    """A server's addresses; of a name inside the zone, as the zone's own working servers give them."""
    if not is_in_zone(name, cut.name):
        return await walker.server_addresses(name)
    for server, answer in sorted(soa.items()):
        if isinstance(answer, Reply) and answer.authoritative and answer.values("SOA"):
            replies = await asyncio.gather(walker.ask(server, name, "A"), walker.ask(server, name, "AAAA"))
            found = tuple(
                value
                for reply in replies
                if isinstance(reply, Reply)
                for kind in ("A", "AAAA")
                for value in reply.values(kind)
            )
            certain = all(isinstance(reply, Reply) for reply in replies)
            return found, "" if found else f"{name} has no address", certain
    return (), "no server of the zone could be asked for it", False


async def observe_record(
    walker: Walker, zone: ZoneObservation, record: RecordExpectation, healthy: tuple[ServerAddress, ...]
) -> RecordObservation:
    """Ask every healthy server of the zone for one record, and follow a CNAME's target.

    Args:
        walker: finds addresses and asks.
        zone: where the record really is.
        record: what is expected; it decides what else must be asked.
        healthy: the servers that serve the zone; the others are judged as servers, once.
    """
    asked = [server for server in healthy if server.family in record.families]
    # Beside a CNAME nothing may stand, and a proxied name shows addresses alone: both need the second question.
    with_address = (
        record.type == "CNAME"
        and record.match != "absent"
        and (record.resolve == "address" or record.served != "as-declared")
    )
    questions = [record.type, "A"] if with_address else [record.type]
    # signatures weigh a lot, so they are asked for only where a validating resolver would look at them
    manner = DNSSEC if zone.is_signed else PLAIN
    flat = await asyncio.gather(
        *(walker.ask(server, record.name, what, manner) for server in asked for what in questions)
    )
    width = len(questions)
    answers = {
        server: RecordAnswers(*flat[position * width : (position + 1) * width]) for position, server in enumerate(asked)
    }
    for server, found in answers.items():
        if record.match != "absent" and record.served == "as-declared" and _is_empty(found.own):
            answers[server] = replace(found, denial=await walker.ask(server, record.name, record.type, DNSSEC))
    return RecordObservation(
        zone=zone,
        answers=answers,
        optional_servers=tuple(server for server in zone.servers if server.family not in record.families),
        wildcard=await _wildcard(walker, record, answers),
        target=await _target(walker, record, answers),
        doubled=await _doubled(walker, zone, record, answers),
    )


def _is_empty(answer: Answer) -> bool:
    return isinstance(answer, Reply) and answer.rcode == "NOERROR" and answer.authoritative and not answer.answer


async def _doubled(
    walker: Walker, zone: ZoneObservation, record: RecordExpectation, answers: dict[ServerAddress, RecordAnswers]
) -> Answer | None:
    """A DNS host that appends the zone to what was typed makes `x.example.com.example.com`."""
    name = f"{record.name}{zone.name}"
    if record.match == "absent" or zone.name == "." or len(name) > 253:
        return None
    for server, answer in answers.items():
        if isinstance(answer.own, Reply) and (answer.own.rcode == "NXDOMAIN" or answer.denial is not None):
            return await walker.ask(server, name, record.type)
    return None


async def _wildcard(
    walker: Walker, record: RecordExpectation, answers: dict[ServerAddress, RecordAnswers]
) -> Answer | None:
    """Ask below the name: a name that exists shields what is under it from the wildcard beside it (RFC 4592 §2.2.1)."""
    if record.match == "absent" or record.name.startswith("*."):
        return None
    for server, answer in answers.items():
        if isinstance(answer.own, Reply) and answer.own.answer:
            label = f"lp-{secrets.token_hex(6)}"
            if len(record.name) + len(label) > 252:
                return None
            return await walker.ask(server, f"{label}.{record.name}", record.type)
    return None


async def _target(
    walker: Walker, record: RecordExpectation, answers: dict[ServerAddress, RecordAnswers]
) -> Resolved | None:
    if record.type != "CNAME" or record.match == "absent" or record.served != "as-declared" or record.resolve == "none":
        return None
    if not any(isinstance(answer.own, Reply) and answer.own.values("CNAME") for answer in answers.values()):
        return None
    wanted = "TXT" if record.resolve == "txt" else "A"
    resolved = await walker.resolve(record.name, wanted)
    if wanted == "A" and resolved.status == "missing":
        second = await walker.resolve(record.name, "AAAA")
        return second if second.status == "found" else resolved
    return resolved
