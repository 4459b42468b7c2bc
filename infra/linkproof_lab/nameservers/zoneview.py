"""The records of one zone as they were at one moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from linkproof_lab.store import RRsetVersion


@dataclass(frozen=True, slots=True)
class RecordSet:
    """Records of one name and type; `name` is lower case without the trailing dot, `data` in presentation form."""

    name: str
    type: str
    ttl: int
    data: tuple[str, ...]


Sets = Mapping[str, RecordSet]
"""The record sets of one name, by type."""


def ancestors(name: str) -> Iterator[str]:
    """The name itself, then each parent, the root (empty) last."""
    while name:
        yield name
        name = name.partition(".")[2]
    yield ""


class ZoneView:
    """Grows one version at a time; remembers which names exist only because something is below them."""

    def __init__(self, apex: str) -> None:
        self.apex = apex
        self.serial = 1
        self.applied = 0
        self._nodes: dict[str, dict[str, RecordSet]] = {}
        self._below: Counter[str] = Counter()

    def apply(self, version: RRsetVersion) -> None:
        self.serial = version.serial
        self.applied += 1
        node = self._nodes.get(version.name)
        if version.data:
            if node is None:
                node = self._nodes[version.name] = {}
                self._count(version.name, 1)
            node[version.type] = RecordSet(version.name, version.type, version.ttl, version.data)
        elif node is not None and node.pop(version.type, None) is not None and not node:
            del self._nodes[version.name]
            self._count(version.name, -1)

    def sets_at(self, name: str) -> Sets:
        return self._nodes.get(name, {})

    def exists(self, name: str) -> bool:
        """Whether the name has records, or is an empty non-terminal (RFC 4592 §2.2.2)."""
        return name in self._nodes or self._below[name] > 0

    def _count(self, name: str, step: int) -> None:
        for parent in ancestors(name.partition(".")[2]):
            if len(parent) < len(self.apex):
                return
            self._below[parent] += step
