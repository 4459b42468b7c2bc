"""What the servers above a zone say about it, every one of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import Answer, Reply
from linkproof.verify.observations.vantage import ServerAddress
from linkproof.verify.observations.zone import ZoneObservation
from linkproof.verify.values import is_in_zone

if TYPE_CHECKING:
    from linkproof.verify.observe.dns.walk import Walker
    from linkproof.verify.observe.dns.zone_cut import ZoneCut

MOST_EXTRA = 8


async def ask_parents(walker: Walker, cut: ZoneCut) -> dict[ServerAddress, Answer]:
    """Every one of the parent's servers is asked: a resolver may ask any of them."""
    servers = walker.parent_servers(cut)
    return dict(
        zip(servers, await asyncio.gather(*(walker.ask(server, cut.name, "NS") for server in servers)), strict=True)
    )


async def with_servers_listed_elsewhere(walker: Walker, zone: ZoneObservation) -> ZoneObservation:
    """Servers that only another of the parent's servers names: whoever asks that one ends up there."""
    known = {server.server for server in zone.servers} | {name for name, _, _ in zone.unresolved}
    families = {server.family for server in zone.soa}
    fresh: set[ServerAddress] = set()
    for answer in zone.parents.values():
        if not isinstance(answer, Reply) or answer.authoritative:
            continue
        records = [item for item in answer.answer + answer.authority if item.type == "NS" and item.name == zone.name]
        for name in sorted({item.value for item in records} - known)[:MOST_EXTRA]:
            glue = [item.value for item in answer.additional if item.name == name and item.type in {"A", "AAAA"}]
            addresses = tuple(glue) if is_in_zone(name, zone.parent) else ()
            if not addresses and not is_in_zone(name, zone.name):
                addresses, _, _ = await walker.server_addresses(name, zone.name)
            fresh |= {ServerAddress(name, address) for address in addresses}
    asked = sorted(server for server in fresh if server.family in families)
    answers = await asyncio.gather(*(walker.ask(server, zone.name, what) for server in asked for what in ("SOA", "NS")))
    return replace(
        zone,
        servers=tuple(sorted({*zone.servers, *fresh})),
        soa=zone.soa | dict(zip(asked, answers[::2], strict=True)),
        ns=zone.ns | dict(zip(asked, answers[1::2], strict=True)),
    )


async def ask_ds(walker: Walker, cut: ZoneCut) -> Answer | None:
    """DS lives in the parent, so the parent's servers are asked, and the first that knows decides."""
    last: Answer | None = None
    for server in walker.parent_servers(cut):
        last = await walker.ask(server, cut.name, "DS")
        if isinstance(last, Reply) and last.authoritative and last.rcode in {"NOERROR", "NXDOMAIN"}:
            break
    return last
