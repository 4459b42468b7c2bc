"""What the two files say once links and tracking hosts have gone from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linkproof.contract.declared import Link, TrackingHost
from linkproof.declaration.load import load_text
from linkproof.declaration.model import Declaration
from linkproof.declaration.together import judge_together
from linkproof.discover.portion import Entry, lines_of, with_lines, without
from linkproof.errors import LinkproofError
from linkproof.names import HostName

Thing = Link | TrackingHost
SECTIONS: Final = ("links", "tracking_hosts")


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

    @property
    def hosts(self) -> frozenset[str]:
        """The click hosts and tracking hosts that go."""
        return frozenset(_host(getattr(self.target, section)[key]) for section, key in self.gone if section in SECTIONS)

    @property
    def staying(self) -> frozenset[str]:
        """Those that stay."""
        things: list[Thing] = [*self.source.links.values(), *self.source.tracking_hosts.values()]
        return frozenset(map(_host, things))


def _host(thing: Thing) -> str:
    return thing.click_host.text if isinstance(thing, Link) else thing.host.text


class MoveError(LinkproofError):
    """They cannot go there, and nothing was changed."""


def entry_of(declaration: Declaration, name: str) -> Entry | None:
    """The link or tracking host that a person means by a key, or by its section and key; None where there is none.

    Raises:
        MoveError: there are both.
    """
    section, _, key = name.partition(".")
    if section in SECTIONS:
        return (section, key) if key in getattr(declaration, section) else None
    found = [(section, name) for section in SECTIONS if name in getattr(declaration, section)]
    if len(found) > 1:
        raise MoveError(
            f"{name} is a link and a tracking host ({declaration.place(f'links.{name}')})",
            f"say which one: {' or '.join(map('.'.join, found))}",
        )
    return found[0] if found else None


def declared_after(source: Side, target: Side, names: Sequence[str]) -> Declared:
    """The texts without and with them, and with what they name.

    Args:
        names: of links and tracking hosts that the first stack has, as `entry_of` takes them.

    Raises:
        MoveError: the two files contradict each other, or one of them would have a problem.
        LayoutError: an entry has no lines of its own.
    """
    mine = source.declaration
    # `one` and `links.one` are one
    going = list(dict.fromkeys(entry for name in names if (entry := entry_of(mine, name)) is not None))
    every = [(section, key) for section in SECTIONS for key in getattr(mine, section)]
    moved = _things(mine, going)
    _refuse_contradictions(source, target, moved)
    needed = list(_needed(mine, moved))
    still = set(_needed(mine, _things(mine, [entry for entry in every if entry not in going])))
    gone = (*going, *(entry for entry in needed if entry not in still))
    new = (*(entry for entry in needed if not _has(target.declaration, entry)), *going)
    target_text = with_lines(
        target.text, target.name, [(entry, lines_of(source.text, source.name, entry)) for entry in new]
    )
    source_text = without(source.text, source.name, gone)
    after = _read(source_text, source.name), _read(target_text, target.name)
    _refuse_other_zones(mine, after[1], moved)
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
            f"{name} would be wrong without or with what moves:\n{said}", "correct that first; nothing was changed"
        )
    return loaded.declaration


def _things(declaration: Declaration, entries: Iterable[Entry]) -> list[Thing]:
    return [getattr(declaration, section)[key] for section, key in entries]


def _hosts(thing: Thing) -> list[HostName]:
    """The hosts that records of it are written at or below."""
    if isinstance(thing, Link):
        return [host for host in (thing.click_host, thing.owner_host) if host is not None]
    return [thing.host, *map(HostName, thing.options.hosts())]


def _needed(declaration: Declaration, things: Iterable[Thing]) -> Iterator[Entry]:
    """The entries that they name: zones, edges and senders of the file, each once."""
    found: dict[Entry, None] = {}
    for thing in things:
        for host in _hosts(thing):
            found["zones", declaration.zone_of(host).key] = None
        if isinstance(thing, TrackingHost):
            continue
        for edge in (thing.edge, thing.standby):
            if edge in declaration.edges:
                found["edges", str(edge)] = None
        if thing.sender.key in declaration.senders and thing.sender.path.startswith("senders."):
            found["senders", thing.sender.key] = None
    yield from found


def _has(declaration: Declaration, entry: Entry) -> bool:
    section, key = entry
    if section == "zones":
        return any(zone.key == key for zone in declaration.zones.values())
    return key in getattr(declaration, section)


def _refuse_contradictions(source: Side, target: Side, moved: Sequence[Thing]) -> None:
    mine, other = source.declaration, target.declaration
    if mine.lab != other.lab:
        raise MoveError(f"{source.name} and {target.name} are not both in the lab", "nothing was changed")
    if mine.nonce != other.nonce:
        raise MoveError(
            f"{source.name} and {target.name} have not the same `nonce:`, which is published beside each click host",
            "give both the same one, and deploy that first; nothing was changed",
        )
    for thing in moved:
        section, word = ("links", "link") if isinstance(thing, Link) else ("tracking_hosts", "tracking host")
        if thing.key in getattr(other, section):
            place = other.place(f"{section}.{thing.key}")
            raise MoveError(
                f"{target.name} has a {word} {thing.key} already ({place})", "rename the key of one of them first"
            )
    for section, key in _needed(mine, moved):
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
            and any(link.sender.key == key for link in mine.links.values() if link not in moved)
        ):
            raise MoveError(
                f"{path} ({mine.place(path)}) makes objects at the sender, for links that stay as well",
                "move all of its links together; nothing was changed",
            )


def _entry(declaration: Declaration, section: str, key: str) -> Any:
    if section == "zones":
        return next((zone for zone in declaration.zones.values() if zone.key == key), None)
    return getattr(declaration, section).get(key)


def _refuse_other_zones(before: Declaration, after: Declaration, moved: Sequence[Thing]) -> None:
    for thing in moved:
        for host in _hosts(thing):
            if before.zone_of(host) != after.zone_of(host):
                zone = after.zone_of(host)
                raise MoveError(
                    f"{host} is in zone {before.zone_of(host).name} here, and would be in {zone.name} there ({after.place(zone.path)})",
                    "its record would be made anew in the other zone; nothing was changed",
                )
