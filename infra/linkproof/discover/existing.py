"""What a declaration has already, read leniently: a file with something left open is added to all the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from linkproof.contract.declared import DEFAULT_ACCOUNT
from linkproof.discover.read import wire


@dataclass(frozen=True, slots=True)
class Existing:
    """Args:
    keys: by section.
    hosts: click hosts, owner hosts and tracking hosts, on the wire.
    zones: names, on the wire.
    edges: key by provider and account.
    """

    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    edges: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def has_host(self, name: str) -> bool:
        return name in self.hosts

    def has_zone_of(self, host: str) -> bool:
        labels = host.split(".")
        return any(".".join(labels[start:]) in self.zones for start in range(len(labels)))

    def edge_key(self, provider: str, account: str) -> str:
        """Empty where there is none."""
        return self.edges.get((provider, account), "")


def existing_of(tree: Any) -> Existing:
    """From the plain values of `declaration.nodes.read`."""

    def section(name: str) -> dict[str, Any]:
        value = tree.get(name) if isinstance(tree, dict) else None
        return value if isinstance(value, dict) else {}

    links, tracked, edges = section("links"), section("tracking_hosts"), section("edges")
    entries = [entry for entry in (*links.values(), *tracked.values()) if isinstance(entry, dict)]
    named = (entry.get(key) for entry in entries for key in ("click_host", "owner_host", "host"))
    return Existing(
        {name: frozenset(map(str, section(name))) for name in ("zones", "edges", "links", "tracking_hosts")},
        frozenset(wire(name) for name in named if isinstance(name, str)),
        frozenset(wire(str(name)) for name in section("zones")),
        {
            (str(entry.get("provider")), str(entry.get("account", DEFAULT_ACCOUNT))): str(key)
            for key, entry in reversed(edges.items())
            if isinstance(entry, dict)
        },
    )
