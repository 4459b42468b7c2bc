"""Ask every authoritative server about its zone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import Answer, Reply
from linkproof.verify.observations.vantage import ServerAddress
from linkproof.verify.observations.zone import ZoneObservation
from linkproof.verify.observe.dns.parents import ask_ds, ask_parents, with_servers_listed_elsewhere
from linkproof.verify.observe.dns.zone_cut import MAX_ADDRESSES_OF_A_SERVER, MAX_SERVERS
from linkproof.verify.values import is_in_zone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkproof.verify.observe.dns.walk import Walker
    from linkproof.verify.observe.dns.zone_cut import ZoneCut

# By the parent and by the zone itself; a zone that names other servers in each answer would be asked for ever.
_MOST_NAMES = 2 * MAX_SERVERS


async def observe_apex(walker: Walker, cut: ZoneCut, families: tuple[int, ...]) -> ZoneObservation:
    """Ask SOA and NS at the apex of every server that a server of the parent, or any of the zone's own servers, names; and DS.

    Args:
        walker: finds addresses and asks.
        cut: the zone as its parent delegates it.
        families: address families to ask over; the other addresses are only listed.
    """
    seen, parents, ds = await asyncio.gather(
        _apex(walker, cut, families), ask_parents(walker, cut), ask_ds(walker, cut)
    )
    return await with_servers_listed_elsewhere(walker, replace(seen, parents=parents, ds=ds))


async def _apex(walker: Walker, cut: ZoneCut, families: tuple[int, ...]) -> ZoneObservation:
    servers = list(cut.servers)
    unresolved = list(cut.unresolved)
    addresses: list[ServerAddress] = []
    soa: dict[ServerAddress, Answer] = {}
    ns: dict[ServerAddress, Answer] = {}
    named = set(cut.parent_servers)
    fresh = [server for server in servers if server.family in families]
    while fresh:
        await _ask_apex(walker, cut, fresh, soa, ns)
        # Servers that only the zone itself names are asked as well; whatever they name in turn, too.
        child = {value for answer in ns.values() if isinstance(answer, Reply) for value in answer.values("NS")}
        fresh = []
        names = sorted(child - named)[: max(_MOST_NAMES - len(named), 0)]
        named.update(names)
        for name, (found, reason, certain) in await _addresses_of(walker, cut, soa, names):
            unresolved += [] if found else [(name, reason, certain)]
            fresh += [ServerAddress(name, address) for address in found[:MAX_ADDRESSES_OF_A_SERVER]]
        servers += fresh
        fresh = [server for server in fresh if server.family in families and server not in soa]
    # Without glue a server can still be found, once any other server of the zone gives its address.
    lacking = {name for name, _, _ in cut.unresolved if is_in_zone(name, cut.name)} if soa else set()
    unresolved = [one for one in unresolved if one[0] not in lacking]
    glued = {server.server for server in cut.glue if is_in_zone(server.server, cut.name)}
    for name, (found, reason, certain) in await _addresses_of(walker, cut, soa, sorted(glued | lacking)):
        unresolved += [(name, reason, certain)] if name in lacking and not found else []
        addresses += [ServerAddress(name, address) for address in found[:MAX_ADDRESSES_OF_A_SERVER]]
    # An address that only the zone gives is one more server to ask.
    more = [server for server in dict.fromkeys(addresses) if server not in servers]
    servers += more
    await _ask_apex(walker, cut, [server for server in more if server.family in families], soa, ns)
    return ZoneObservation(
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


async def _ask_apex(
    walker: Walker,
    cut: ZoneCut,
    servers: Sequence[ServerAddress],
    soa: dict[ServerAddress, Answer],
    ns: dict[ServerAddress, Answer],
) -> None:
    answers = await walker.ask_many([walker.question(one, cut.name, what) for one in servers for what in ("SOA", "NS")])
    soa |= dict(zip(servers, answers[::2], strict=True))
    ns |= dict(zip(servers, answers[1::2], strict=True))


async def _addresses_of(
    walker: Walker, cut: ZoneCut, soa: dict[ServerAddress, Answer], names: Sequence[str]
) -> list[tuple[str, tuple[tuple[str, ...], str, bool]]]:
    found = await asyncio.gather(*(_addresses_in(walker, cut, soa, name) for name in names))
    return list(zip(names, found, strict=True))


async def _addresses_in(
    walker: Walker, cut: ZoneCut, soa: dict[ServerAddress, Answer], name: str
) -> tuple[tuple[str, ...], str, bool]:
    """A server's addresses; of a name inside the zone, as the zone's own working servers give them."""
    if not is_in_zone(name, cut.name):
        return await walker.server_addresses(name, cut.name)
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
