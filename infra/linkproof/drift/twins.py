"""A second zone of one name at its DNS host: whoever edits the wrong one changes nothing, until the name servers are mixed up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from linkproof import registry
from linkproof.drift.model import Comparison, Item
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.drift.about import About
    from linkproof.engine.clients import Clients
    from linkproof.plan.model import Plan

COMPARISON: Final[Comparison] = "state = cloud"


def items(plan: Plan, about: About, clients: Callable[[], Clients]) -> Iterator[Item]:
    """Every planned zone whose name another zone of the account has as well.

    Args:
        clients: called only where a zone's host can be asked.
    """
    for zone in plan.zones:
        host = registry.dns(zone.dns)
        if host.twins is None or host.facts.VENDOR is None:
            continue
        name = zone.name.text
        links = tuple(key for key in about.all if key in about.zone(name))
        try:
            client = clients().client(host.facts.VENDOR, zone.account)
            with registry.vendor(host.facts.VENDOR).client.asking(f"zone {name}", zone.account):
                found = [one for one in host.twins.zones_named(client, name) if one != zone.id]
        except LinkproofError as error:
            why = f"whether another zone has its name: {error.problem}"
            yield Item("could not check", COMPARISON, name, "zone", why=why, fix=error.fix, links=links)
            continue
        for other in found:
            why = "a second zone of the same name: a change made there reaches nobody, and a mix-up of name servers empties the first"
            fix = "delete it, if no parent delegates to its name servers"
            yield Item("drift", COMPARISON, name, "zone", "duplicate", f"{zone.id} alone", other, why, fix, links)
