"""Time-outs of thousands of things at once, for the price of one timer."""

from __future__ import annotations

import asyncio
from typing import Protocol

_SLOTS = 16


class TimerEntry(Protocol):
    """Something that ends by itself when its time is up."""

    slot: set[TimerEntry] | None

    def expired(self) -> None: ...


class TimerWheel:
    """All that is added ends after the same time, at most a fifteenth later; what is removed before leaves nothing behind.

    Args:
        seconds: until something that was added expires.
    """

    def __init__(self, seconds: float) -> None:
        self._step_seconds = seconds / (_SLOTS - 1)
        self._slots: list[set[TimerEntry]] = [set() for _ in range(_SLOTS)]
        self._at = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, item: TimerEntry) -> None:
        slot = self._slots[self._at]
        slot.add(item)
        item.slot = slot
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._step_seconds, self._turn)

    def close(self) -> None:
        """Nothing expires any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _turn(self) -> None:
        self._timer = None
        self._at = (self._at + 1) % _SLOTS
        # the slot that is filled from now on holds what was added one whole round ago
        over, self._slots[self._at] = self._slots[self._at], set()
        if any(self._slots):
            self._timer = asyncio.get_running_loop().call_later(self._step_seconds, self._turn)
        for item in over:
            item.slot = None
            item.expired()
