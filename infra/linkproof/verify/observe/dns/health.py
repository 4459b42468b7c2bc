"""What is asked once of each server of a zone beside its apex: TCP, EDNS, keys, a denial, odd questions."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import Answer, Reply
from linkproof.verify.observations.resolved import Resolved
from linkproof.verify.observations.vantage import ServerAddress
from linkproof.verify.observations.zone import ZoneObservation
from linkproof.verify.observe.dns.probes import MOST_OCTETS, alternating, ask_later_edns, ask_recursion
from linkproof.verify.observe.dns.question import DNSSEC, PLAIN, WITHOUT_EDNS
from linkproof.verify.values import is_in_zone

if TYPE_CHECKING:
    from linkproof.verify.observe.dns.question import Manner
    from linkproof.verify.observe.dns.walk import Walker
    from linkproof.verify.observe.dns.zone_cut import ZoneCut

MOST_NAMES = 26


async def observe_health(walker: Walker, cut: ZoneCut, zone: ZoneObservation) -> ZoneObservation:
    """Complete a zone's observation.

    Args:
        walker: asks.
        cut: the zone as its parent delegates it.
        zone: what its parents and its apex say; servers that gave no SOA are not asked again.
    """
    working = [
        server for server, answer in sorted(zone.soa.items()) if isinstance(answer, Reply) and answer.values("SOA")
    ]
    tcp, edns, denials, recursion, later_edns = await asyncio.gather(
        _tcp(walker, cut, zone, working),
        _edns(walker, zone, working),
        _denials(walker, zone, working),
        ask_recursion(walker, zone, working),
        ask_later_edns(walker, zone, working),
    )
    aliases = await _aliases(walker, zone, working)
    seen = replace(
        zone, tcp=tcp, edns=edns, denials=denials, recursion=recursion, later_edns=later_edns, aliases=aliases
    )
    if not seen.is_signed:
        return seen
    keys, soa = await observe_keys(walker, zone, working)
    return replace(seen, keys=keys, signed_soa=soa)


async def observe_keys(
    walker: Walker, zone: ZoneObservation, working: list[ServerAddress]
) -> tuple[dict[ServerAddress, Answer], dict[ServerAddress, Answer]]:
    """The keys of a signed zone and its SOA with signatures, at each server that works."""
    return await asyncio.gather(_each(walker, working, zone.name, "DNSKEY"), _each(walker, working, zone.name, "SOA"))


async def _tcp(
    walker: Walker, cut: ZoneCut, zone: ZoneObservation, working: list[ServerAddress]
) -> dict[ServerAddress, Answer]:
    asked = [server for server in working if zone.soa[server].vantage.transport == "udp"]
    answers = await asyncio.gather(*(walker.ask(server, zone.name, "SOA", over_tcp=True) for server in asked))
    tcp = dict(zip(asked, answers, strict=True))
    over_tcp = [*tcp.values(), *(answer for answer in zone.soa.values() if answer.vantage.transport == "tcp")]
    if not any(isinstance(answer, Reply) for answer in over_tcp):
        # whether TCP leads anywhere from here: without that, nobody can tell whose fault it is
        for parent in walker.parent_servers(cut)[:3]:
            if isinstance(await walker.ask(parent, cut.name, "NS", over_tcp=True), Reply):
                break
    return tcp


async def _edns(
    walker: Walker, zone: ZoneObservation, working: list[ServerAddress]
) -> dict[ServerAddress, tuple[tuple[Answer, Answer], ...]]:
    suspects = [server for server in working if _lost_edns(zone.soa[server])]
    pairs = await asyncio.gather(*(alternating(walker, server, zone.name, PLAIN, WITHOUT_EDNS) for server in suspects))
    return dict(zip(suspects, pairs, strict=True))


def _lost_edns(answer: Answer) -> bool:
    return isinstance(answer, Reply) and not answer.with_edns and not answer.edns_error


async def _denials(walker: Walker, zone: ZoneObservation, working: list[ServerAddress]) -> dict[ServerAddress, Answer]:
    """A name that nobody has, the same one at each server."""
    name = f"lp-{secrets.token_hex(6)}.{zone.name}"
    if zone.name == "." or len(name) > MOST_OCTETS:
        return {}
    return await _each(walker, working, name, "A", DNSSEC if zone.is_signed else PLAIN)


async def _aliases(walker: Walker, zone: ZoneObservation, working: list[ServerAddress]) -> dict[str, Resolved]:
    """Servers' names that are a CNAME. Their addresses were asked for already, so this costs no question."""
    names = {name for answer in zone.ns.values() if isinstance(answer, Reply) for name in answer.values("NS")}
    found = {}
    for name in sorted(names | set(zone.parent_servers))[:MOST_NAMES]:
        if not is_in_zone(name, zone.name):
            resolved = await walker.resolve_server(name, "A", zone.name)
        elif working:
            answer = await walker.ask(working[0], name, "A")
            targets = answer.values("CNAME") if isinstance(answer, Reply) and answer.authoritative else ()
            resolved = Resolved("unknown", (name, *targets), last=answer)
        else:
            continue
        if len(resolved.chain) > 1:
            found[name] = resolved
    return found


async def _each(
    walker: Walker, servers: list[ServerAddress], name: str, record_type: str, manner: Manner = DNSSEC
) -> dict[ServerAddress, Answer]:
    answers = await asyncio.gather(*(walker.ask(server, name, record_type, manner) for server in servers))
    return dict(zip(servers, answers, strict=True))
