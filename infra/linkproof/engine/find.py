"""Finding an object by its natural key, and proving that it is the one that this stack was creating.

Each finder is its plug-in's, and takes the inputs of the create. What proves an object is the mark (organisation, project,
stack) that those inputs gave it; where a vendor has no room for a mark, that it is exactly what was to be created.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from linkproof import registry
from linkproof.contract.find import Candidate, Finder
from linkproof.engine.clients import Clients
from linkproof.errors import LinkproofError


class NotOursError(LinkproofError):
    """An object with the natural key exists, and nothing proves that this stack made it."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(
            f"{what} exists, but {why}",
            "delete it if nobody needs it, or give the declaration another host; then run this again",
        )


@cache
def finders() -> dict[str, tuple[str, Finder]]:
    """Vendor and finder by engine type."""
    found = {}
    for plugin in (*registry.edges(), *registry.senders(), *registry.dns_hosts()):
        vendor = plugin.facts.VENDOR
        if plugin.find is not None and vendor is not None:
            found.update({rtype: (vendor, finder) for rtype, finder in plugin.find.FINDERS.items()})
    return found


@cache
def without_object() -> frozenset[str]:
    """Engine types whose creation makes no object: it only waits, and waiting again is harmless."""
    return frozenset().union(*(plugin.find.WITHOUT_OBJECT for plugin in registry.plugins() if plugin.find is not None))


def candidates(rtype: str, inputs: Mapping[str, Any], clients: Clients, account: str) -> list[Candidate]:
    """Every object at the vendor that has the natural key of what the inputs would create.

    Raises:
        LinkproofError: the vendor cannot be asked, or the type is unknown here.
    """
    if rtype not in finders():
        raise LinkproofError(
            f"no way is known to find a {rtype}", "import it by hand with `pulumi import`, or delete it at the vendor"
        )
    vendor, finder = finders()[rtype]
    with registry.vendor(vendor).client.asking(rtype, account):
        return list(finder(inputs, clients.client(vendor, account)))


def find(
    rtype: str, inputs: Mapping[str, Any], clients: Clients, account: str, known: Collection[str] = ()
) -> str | None:
    """The id of the created object, as the real provider imports it; None when nothing was created.

    Args:
        known: ids that the state has already: the object that was being replaced is not the new one.

    Raises:
        NotOursError: an object is there that this stack may not have made.
        LinkproofError: the vendor cannot be asked, or the type is unknown here.
    """
    for candidate in candidates(rtype, inputs, clients, account):
        # The engine keeps the vendor's own id; to import, some providers want it with its zone before it.
        if candidate.id in known or candidate.id.rpartition("/")[2] in known:
            continue
        if candidate.doubt:
            raise NotOursError(candidate.what, candidate.doubt)
        return candidate.id
    return None
