"""What of the objects to be created exists at a vendor: looked up by natural key, whoever made it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from linkproof import registry
from linkproof.contract.find import Candidate, Finder
from linkproof.engine.clients import Clients
from linkproof.engine.find import Held, finders
from linkproof.engine.previewed import can_be_found, in_words
from linkproof.engine.recover import account_of
from linkproof.errors import LinkproofError


@dataclass(frozen=True, slots=True)
class Existing:
    """One object that is to be taken over.

    Args:
        urn: of the resource that is to have it.
        what: it is, for people.
        id: as its provider imports it.
        doubt: how it differs, or why it may not be this stack's; shown, never a reason to refuse.
    """

    urn: str
    type: str
    name: str
    what: str
    id: str
    doubt: str

    def to_json(self) -> dict[str, str]:
        return {"resource": self.name, "type": self.type, "what": self.what, "id": self.id, "doubt": self.doubt}


class AmbiguousError(LinkproofError):
    """Several objects have the natural key of one resource."""

    def __init__(self, name: str, ids: list[str]) -> None:
        super().__init__(
            f"{name}: {len(ids)} objects exist where one is declared: {', '.join(ids)}",
            "delete those that nobody needs at the vendor, and run this again",
        )


@cache
def adopting_finders() -> dict[str, tuple[str, Finder]]:
    """Vendor and finder by engine type: those of `adopt.py` before those of `find.py`."""
    found = dict(finders())
    for plugin in registry.plugins():
        vendor = plugin.facts.VENDOR
        if plugin.adopt is not None and vendor is not None:
            found.update({rtype: (vendor, finder) for rtype, finder in plugin.adopt.FINDERS.items()})
    return found


@cache
def _obstacle_finders() -> dict[str, tuple[str, Finder]]:
    found: dict[str, tuple[str, Finder]] = {}
    for plugin in registry.plugins():
        vendor = plugin.facts.VENDOR
        if plugin.adopt is not None and vendor is not None:
            found.update({rtype: (vendor, finder) for rtype, finder in plugin.adopt.IN_THE_WAY.items()})
    return found


def in_the_way(steps: Iterable[dict[str, Any]], clients: Callable[[], Clients]) -> Iterator[Existing]:
    """What would let a create fail and is nothing that can be taken over; its doubt says the way out.

    Raises:
        LinkproofError: a vendor cannot be asked.
    """
    for wanted in _creates(steps, _obstacle_finders()):
        for one in _ask(wanted, _obstacle_finders(), clients):
            yield Existing(wanted["urn"], wanted["type"], _name(wanted), one.what, one.id, one.doubt)


def existing(
    steps: Iterable[dict[str, Any]], clients: Callable[[], Clients], held: Held | None = None
) -> Iterator[Existing]:
    """Every object that a preview would create and that a vendor has already.

    Args:
        held: what the state has: of another resource, it is not this one's. What is found is added.

    Raises:
        AmbiguousError: several objects could be one resource's.
        LinkproofError: a vendor cannot be asked.
    """
    taken = Held() if held is None else held
    for wanted in _creates(steps, adopting_finders()):
        found = _ask(wanted, adopting_finders(), clients)
        inputs = wanted.get("inputs") or {}
        free = [one for one in found if not taken.has(wanted["type"], inputs, one)]
        name = _name(wanted)
        if len(free) > 1:
            raise AmbiguousError(name, [one.id for one in free])
        for one in free:
            taken.add(wanted["type"], inputs, one)
            yield Existing(wanted["urn"], wanted["type"], name, one.what, one.id, one.doubt)


def _creates(steps: Iterable[dict[str, Any]], known: Collection[str]) -> Iterator[dict[str, Any]]:
    """What is to be created, of these types, whose key is known by now."""
    for step in steps:
        wanted = step.get("newState") or {}
        if step.get("op") == "create" and wanted.get("type") in known and can_be_found(wanted.get("inputs") or {}):
            yield wanted


def _ask(
    wanted: dict[str, Any], finders: dict[str, tuple[str, Finder]], clients: Callable[[], Clients]
) -> list[Candidate]:
    vendor, finder = finders[wanted["type"]]
    account = account_of(wanted)
    with registry.vendor(vendor).client.asking(wanted["type"], account):
        return list(finder(in_words(wanted.get("inputs") or {}), clients().client(vendor, account)))


def _name(wanted: dict[str, Any]) -> str:
    return str(wanted["urn"]).rpartition("::")[2]
