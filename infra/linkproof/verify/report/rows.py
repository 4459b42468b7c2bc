"""A list for the JSON writer, each of whose items is made when it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Rows(list[Any]):
    """Items that are there once, in their turn; to `json.JSONEncoder.iterencode` it is a list like any other.

    Args:
        items: at least one.
    """

    def __init__(self, items: Iterable[Any]) -> None:
        super().__init__()
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __bool__(self) -> bool:
        return True
