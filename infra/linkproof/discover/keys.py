"""Labels for entries: from the host, unique in the file, the same on every run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

MOST_CHARACTERS: Final = 63


class Keys:
    """Args:
    taken: by section, the keys that the file has.
    """

    def __init__(self, taken: Mapping[str, frozenset[str]]) -> None:
        self._taken = {section: set(keys) for section, keys in taken.items()}

    def chosen(self, section: str, hosts: Sequence[str]) -> dict[str, str]:
        """By host its first label; the whole name, with hyphens, where another host has the same label."""
        labels = Counter(host.partition(".")[0] for host in hosts)
        found = {}
        for host in hosts:
            first = host.partition(".")[0]
            alone = labels[first] == 1 and _key(first) not in self._taken.get(section, ())
            found[host] = self.free(section, first if alone else host.replace(".", "-"))
        return found

    def free(self, section: str, wanted: str) -> str:
        """This key, or with a number behind it."""
        taken = self._taken.setdefault(section, set())
        base, number = _key(wanted), 1
        key = base
        while key in taken:
            number += 1
            tail = f"-{number}"
            key = base[: MOST_CHARACTERS - len(tail)] + tail
        taken.add(key)
        return key


def _key(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).lstrip("-_")[:MOST_CHARACTERS] or "link"
