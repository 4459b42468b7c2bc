"""The zones that click hosts lead to: somebody else's, so only what breaks clicks is asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import Reply
from linkproof.verify.observe.dns.health import observe_keys
from linkproof.verify.observe.dns.zones import observe_apex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.observations.zone import ZoneObservation
    from linkproof.verify.observe.dns.walk import Walker

# Vendors have a few zones between them; a hostile chain may go through many.
MOST_ZONES = 24


async def observe_targets(
    walker: Walker, targets: Mapping[str, Resolved | None], known: Iterable[str]
) -> tuple[dict[str, ZoneObservation], dict[str, tuple[str, ...]]]:
    """Ask the servers of each zone on the way from a record to its address.

    Args:
        walker: finds zones and asks.
        targets: by record, where its CNAME leads.
        known: zones that are observed already.

    Returns:
        the zones by name; and by record, the names of the zones that it leads through.
    """
    names = {name for target in targets.values() if target for name in target.chain[1:]}
    cuts = dict(zip(names, await walker.cuts_of(list(names)), strict=True))
    passed = {
        record: tuple(dict.fromkeys(cuts[name].name for name in target.chain[1:]))
        for record, target in targets.items()
        if target
    }
    fresh = {cut.name: cut for cut in cuts.values() if cut.name not in {".", *known}}
    asked = list(fresh.values())[:MOST_ZONES]
    found = await asyncio.gather(*(observe_apex(walker, cut, (4,)) for cut in asked))
    whole = await asyncio.gather(*(_with_keys(walker, zone) for zone in found))
    return {zone.name: zone for zone in whole}, passed


async def _with_keys(walker: Walker, zone: ZoneObservation) -> ZoneObservation:
    working = [server for server, one in sorted(zone.soa.items()) if isinstance(one, Reply) and one.values("SOA")]
    if not zone.is_signed:
        return zone
    keys, soa = await observe_keys(walker, zone, working)
    return replace(zone, keys=keys, signed_soa=soa)
