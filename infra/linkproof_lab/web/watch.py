"""Reads from the store only after something in it has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from linkproof_lab.nameservers.watch import ChangeWatch
from linkproof_lab.settings import LabSettings

T = TypeVar("T")


class Generation:
    """A number that grows when the store has changed, for any number of readers."""

    def __init__(self, settings: LabSettings) -> None:
        self._watch = ChangeWatch(settings.database)
        self._number = 0

    def current(self) -> int:
        if self._watch.changed():
            self._number += 1
        return self._number

    def close(self) -> None:
        self._watch.close()


class Watched(Generic[T]):
    """A value derived from the store, derived again only when the store has changed."""

    def __init__(self, generation: Generation, read: Callable[[], T]) -> None:
        self._generation = generation
        self._read = read
        self._read_at: int | None = None
        self._value: T

    def get(self) -> T:
        now = self._generation.current()
        if self._read_at != now:
            self._value = self._read()
            self._read_at = now
        return self._value


class Keyed(Generic[T]):
    """Values looked up by key, each looked up again only after the store has changed."""

    def __init__(self, generation: Generation, read: Callable[[str], T]) -> None:
        self._values: Watched[dict[str, T]] = Watched(generation, dict)
        self._read = read

    def get(self, key: str) -> T:
        values = self._values.get()
        if key not in values:
            values[key] = self._read(key)
        return values[key]
