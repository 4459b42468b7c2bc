"""Whose name this is: the names of senders, edges and other services that a CNAME may lead to, as data with sources."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from linkproof import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkproof.registry import Plugin

Kind = Literal["sender", "tracking", "edge", "other"]
_OTHERS: Final = Path(__file__).parent / "data" / "other-services.yaml"


@dataclass(frozen=True, slots=True)
class Known:
    """What a name says by itself.

    Args:
        plugin: of the registry; empty for a service that only its name is known of.
        title: as people call it.
        region: of the sender; empty where the name does not say it.
        is_managed: the sender terminates HTTPS under this name itself.
        is_own: the sender's own host, for links that nobody branded.
    """

    kind: Kind
    plugin: str
    title: str
    region: str = ""
    is_managed: bool = False
    is_own: bool = False
    source: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    pattern: re.Pattern[str]
    known: Known


def known_name(name: str) -> Known | None:
    """Whose a name is, by whole labels; None where nobody known has it.

    Args:
        name: as it goes on the wire, with or without its trailing dot.
    """
    text = name.lower().removesuffix(".")
    for entry in _entries():
        if (found := entry.pattern.fullmatch(text)) is not None:
            region = found.groupdict().get("region") or entry.known.region
            return replace(entry.known, region=region)
    return None


def title_of(kind: Kind, plugin: str) -> str:
    """As people call it; of a plug-in that cannot be declared yet, as its `names.yaml` says."""
    of: dict[str, Callable[[str], Plugin]] = {
        "sender": registry.sender,
        "tracking": registry.tracking,
        "edge": registry.edge,
    }
    found = of[kind](plugin)
    return found.facts.NAME if found.has("facts.py") else str(_names_of(found)["title"])


def has_names(edge: str) -> bool:
    """Whether hosts lead to this edge by a name of its own."""
    return edge in registry.EDGES and bool(_names_of(registry.edge(edge)).get("names"))


@cache
def _names_of(plugin: Plugin) -> dict[str, Any]:
    """Its `names.yaml`; empty without one."""
    import yaml

    if not plugin.has("names.yaml"):
        return {}
    tree: dict[str, Any] = yaml.safe_load((plugin.folder / "names.yaml").read_text("utf-8"))
    return tree


@cache
def _entries() -> tuple[_Entry, ...]:
    """An exact name before a pattern, and a pattern before a zone: the nearest meaning wins."""
    import yaml

    found: list[tuple[int, _Entry]] = []
    kinds: tuple[tuple[Kind, Any, Any], ...] = (
        ("sender", registry.SENDERS, registry.sender),
        ("tracking", registry.TRACKING, registry.tracking),
        ("edge", registry.EDGES, registry.edge),
    )
    for kind, names, plugin_of in kinds:
        for name in names:
            tree = _names_of(plugin_of(name))
            for item in tree.get("names", ()):
                whole = {"source": tree["source"], "date": tree["date"], **item}
                found.append(_read(kind, name, title_of(kind, name), whole))
    others = yaml.safe_load(_OTHERS.read_text("utf-8"))
    found += [_read("other", "", item["title"], item) for item in others]
    return tuple(entry for _, entry in sorted(found, key=lambda pair: pair[0]))


def _read(kind: Kind, plugin: str, title: str, item: dict[str, Any]) -> tuple[int, _Entry]:
    if "name" in item:
        rank, pattern = 0, re.escape(item["name"])
    elif "pattern" in item:
        rank, pattern = 1, item["pattern"]
    else:
        rank, pattern = 2, rf"(?:[^.]+\.)+{re.escape(item['below'])}"
    known = Known(
        kind,
        plugin,
        title,
        region=item.get("region", ""),
        is_managed=bool(item.get("managed")),
        is_own=bool(item.get("own")),
        source=item["source"],
        date=str(item["date"]),
    )
    return rank, _Entry(re.compile(pattern), known)
