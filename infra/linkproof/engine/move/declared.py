"""What the two files say once links have gone from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from linkproof.contract.declared import Link, Zone
from linkproof.declaration.load import load_text
from linkproof.declaration.model import Declaration
from linkproof.declaration.together import judge_together
from linkproof.discover.portion import Entry, lines_of, with_lines, without
from linkproof.errors import LinkproofError


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two stacks.

    Args:
        name: of the file, for messages.
        accounts: `linkproof:accounts` of the stack's config.
    """

    stack: str
    name: str
    text: str
    declaration: Declaration
    accounts: object


@dataclass(frozen=True, slots=True)
class Declared:
    """Both texts afterwards.

    Args:
        gone: entries that are in the first no more; likewise `new` in the second.
    """

    source_text: str
    target_text: str
    source: Declaration
    target: Declaration
    gone: tuple[Entry, ...]
    new: tuple[Entry, ...]


class MoveError(LinkproofError):
    """The links cannot go there, and nothing was changed."""


def declared_after(source: Side, target: Side, keys: Sequence[str]) -> Declared:
    """The texts without and with the links, and with what they name.

    Raises:
        MoveError: the two files contradict each other, or one of them would have a problem.
        LayoutError: an entry has no lines of its own.
    """
    links = [source.declaration.links[key] for key in keys]
    _refuse_contradictions(source, target, links)
    needed = list(_needed(source.declaration, links))
    still = set(_needed(source.declaration, [one for key, one in source.declaration.links.items() if key not in keys]))
    still |= {("zones", zone.key) for zone in _zones_of_hosts(source.declaration)}
    gone = (*(("links", key) for key in keys), *(entry for entry in needed if entry not in still))
    new = (*(entry for entry in needed if not _has(target.declaration, entry)), *(("links", key) for key in keys))
    target_text = with_lines(
        target.text, target.name, [(entry, lines_of(source.text, source.name, entry)) for entry in new]
    )
    source_text = without(source.text, source.name, gone)
    after = _read(source_text, source.name), _read(target_text, target.name)
    _refuse_other_zones(source.declaration, after[1], links)
    found = judge_together([(after[0], source.accounts), (after[1], target.accounts)])
    wrong = [problem for problem in found if problem.is_error]
    if wrong:
        raise MoveError("\n".join(map(str, wrong)), "move all links that share it, or none; nothing was changed")
    return Declared(source_text, target_text, *after, gone, new)


def _read(text: str, name: str) -> Declaration:
    loaded = load_text(text, name)
    if loaded.declaration is None:
        said = "\n".join(map(str, loaded.errors))
        raise MoveError(
            f"{name} would be wrong without or with these links:\n{said}", "correct that first; nothing was changed"
        )
    return loaded.declaration


def _needed(declaration: Declaration, links: Iterable[Link]) -> Iterator[Entry]:
    """The entries that links name: zones, edges and senders of the file, each once."""
    found: dict[Entry, None] = {}
    for link in links:
        for host in (link.click_host, link.owner_host):
            if host is not None:
                found["zones", declaration.zone_of(host).key] = None
        for edge in (link.edge, link.standby):
            if edge in declaration.edges:
                found["edges", str(edge)] = None
        if link.sender.key in declaration.senders and link.sender.path.startswith("senders."):
            found["senders", link.sender.key] = None
    yield from found


def _zones_of_hosts(declaration: Declaration) -> Iterator[Zone]:
    for host in declaration.tracking_hosts.values():
        yield declaration.zone_of(host.host)


def _has(declaration: Declaration, entry: Entry) -> bool:
    section, key = entry
    if section == "zones":
        return any(zone.key == key for zone in declaration.zones.values())
    return key in getattr(declaration, section)


def _refuse_contradictions(source: Side, target: Side, links: Sequence[Link]) -> None:
    mine, other = source.declaration, target.declaration
    if mine.lab != other.lab:
        raise MoveError(f"{source.name} and {target.name} are not both in the lab", "nothing was changed")
    if mine.nonce != other.nonce:
        raise MoveError(
            f"{source.name} and {target.name} have not the same `nonce:`, which is published beside each click host",
            "give both the same one, and deploy that first; nothing was changed",
        )
    for link in links:
        if link.key in other.links:
            place = other.place(f"links.{link.key}")
            raise MoveError(
                f"{target.name} has a link {link.key} already ({place})", "rename the key of one of them first"
            )
    for section, key in _needed(mine, links):
        path = f"{section}.{key}"
        one, two = _entry(mine, section, key), _entry(other, section, key)
        if two is not None and one != two:
            raise MoveError(
                f"{path} is not the same in both: {mine.place(path)} and {other.place(path)}",
                "make both the same, or give one of them another key; nothing was changed",
            )
        if (
            section == "senders"
            and one.is_managed
            and any(link.sender.key == key for link in mine.links.values() if link not in links)
        ):
            raise MoveError(
                f"{path} ({mine.place(path)}) makes objects at the sender, for links that stay as well",
                "move all of its links together; nothing was changed",
            )


def _entry(declaration: Declaration, section: str, key: str) -> Any:
    if section == "zones":
        return next((zone for zone in declaration.zones.values() if zone.key == key), None)
    return getattr(declaration, section).get(key)


def _refuse_other_zones(before: Declaration, after: Declaration, links: Sequence[Link]) -> None:
    for link in links:
        for host in (link.click_host, link.owner_host):
            if host is not None and before.zone_of(host) != after.zone_of(host):
                zone = after.zone_of(host)
                raise MoveError(
                    f"{host} is in zone {before.zone_of(host).name} here, and would be in {zone.name} there ({after.place(zone.path)})",
                    "its record would be made anew in the other zone; nothing was changed",
                )
