"""Links with two edges each, of all that the lab plays: they join by the registry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml
from linkproof import registry
from linkproof.contract.declared import MANAGED
from linkproof_lab.registry import EDGES

from tests.engine.sandbox import VENDORS, link, linked

Pair = tuple[str, str]


def edges_of_the_lab() -> list[str]:
    """Those that a link can have, that the lab plays, and whose vendor's account a sandbox has."""
    played = [registry.edge(name) for name in EDGES if name in registry.EDGES]
    return [edge.name for edge in played if edge.is_complete and edge.facts.VENDOR in VENDORS]


def ring() -> list[Pair]:
    """Each edge with the next one, and the last with the first."""
    names = edges_of_the_lab()
    return list(zip(names, [*names[1:], names[0]], strict=True))


def host_of(pair: Pair) -> str:
    return f"{pair[0]}-{pair[1]}.example.com"


def with_pairs(pairs: Sequence[Pair], *, moved: bool, standby: bool = True, **links: Any) -> dict[str, Any]:
    """A declaration in which each pair is a link at its first edge with the second as its standby; the other way round once moved.

    Args:
        standby: the edge that clicks are not led to stays beside the other.
        links: more of them.
    """
    found = {}
    for pair in pairs:
        edge, other = reversed(pair) if moved else pair
        more = {"standby": other} if standby else {}
        found["-".join(pair)] = link(host_of(pair), "secured", edge, **more)
    whole = linked(found | links)
    named = [name for one in whole["links"].values() for name in (one.get("edge"), one.get("standby")) if name]
    whole["edges"] = {name: _entry(name) for name in dict.fromkeys([*edges_of_the_lab(), *named]) if name != MANAGED}
    whole["zones"]["example.com"]["propagation_seconds"] = 1
    return whole


def _entry(provider: str) -> dict[str, Any]:
    """As the plug-in's own example has it, with the sandbox's account."""
    document = yaml.load((registry.edge(provider).folder / "example.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    entry: dict[str, Any] = next(one for one in document["edges"].values() if one["provider"] == provider)
    return {key: value for key, value in entry.items() if key != "account"}
