"""Names that belong together, each group under the name of it that sorts first."""

from __future__ import annotations


class Joined:
    """Groups of names; a name that was never joined is a group of its own."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def first(self, name: str) -> str:
        """The name that stands for the group."""
        while name in self._above:
            name = self._above[name]
        return name

    def join(self, one: str, other: str) -> None:
        """Make the groups of both one."""
        first, second = sorted((self.first(one), self.first(other)))
        if first != second:
            self._above[second] = first
