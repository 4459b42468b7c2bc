"""Finding an object by its natural key, and proving that it is the one that this stack was creating.

Each finder is its plug-in's, and takes the inputs of the create. What proves an object is the mark (organisation, project,
stack) that those inputs gave it; where a vendor has no room for a mark, that it is exactly what was to be created.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    for plugin in registry.plugins():
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


class Held:
    """What a state has already: an object of another resource, or the one that was being replaced, is not the wanted one.

    Args:
        resources: of the state.
    """

    def __init__(self, resources: Iterable[Mapping[str, Any]] = ()) -> None:
        self._regions: dict[tuple[str, str], set[str]] = {}
        for resource in resources:
            if resource.get("id"):
                said = [(resource.get(part) or {}).get("region") for part in ("outputs", "inputs")]
                self._add(resource["type"], str(resource["id"]), next(filter(None, said), ""))

    def has(self, rtype: str, inputs: Mapping[str, Any], candidate: Candidate) -> bool:
        """Whether it is among them. In another region the same id is another object; a region that is not said may be any."""
        regions = self._regions.get((rtype, candidate.kept or candidate.id))
        wanted = inputs.get("region") or ""
        return regions is not None and (not wanted or bool(regions & {"", wanted}))

    def add(self, rtype: str, inputs: Mapping[str, Any], candidate: Candidate) -> None:
        """It is one of them from now on."""
        self._add(rtype, candidate.kept or candidate.id, inputs.get("region") or "")

    def _add(self, rtype: str, id_: str, region: str) -> None:
        self._regions.setdefault((rtype, id_), set()).add(region)


def find(rtype: str, inputs: Mapping[str, Any], clients: Clients, account: str, held: Held | None = None) -> str | None:
    """The id of the created object, as the real provider imports it; None when nothing was created.

    Raises:
        NotOursError: an object is there that this stack may not have made.
        LinkproofError: the vendor cannot be asked, or the type is unknown here.
    """
    for candidate in candidates(rtype, inputs, clients, account):
        if held is not None and held.has(rtype, inputs, candidate):
            continue
        if candidate.doubt:
            raise NotOursError(candidate.what, candidate.doubt)
        return candidate.id
    return None
