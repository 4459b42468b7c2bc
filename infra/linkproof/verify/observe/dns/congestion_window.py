"""How many questions may be under way to one address: fewer after a loss, more again while answers come."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Above 100 in flight a server's default socket buffer overflows, and each loss costs a whole time-out.
MAX_IN_FLIGHT = 100


class CongestionWindow:
    """A window that a loss halves and that each answer widens by a little, as TCP does (RFC 5681 §3.1).

    Rate limiting (RRL) shows as loss: it must slow us down, never look like a fault of the record that was asked for. What was under way
    together is lost together and halves it once: a few names that nobody answers for must not make the rest wait in single file. `limit`
    is how many may be under way now.
    """

    def __init__(self, limit: int = MAX_IN_FLIGHT) -> None:
        self._most = limit
        self._exact = float(limit)
        self.limit = limit
        self._halved_at = -math.inf
        self._under_way = 0
        self._is_turn_due = False
        self._urgent: deque[Callable[[], None]] = deque()
        self._waiting: deque[Callable[[], None]] = deque()

    def lost(self, sent_at: float, now: float) -> None:
        """A packet was lost.

        Args:
            sent_at: when, by a clock that only goes forward, in seconds.
            now: by the same clock.
        """
        if sent_at < self._halved_at:
            return
        self._halved_at = now
        self._exact = max(self._exact / 2, 1.0)
        self.limit = int(self._exact)

    def answered(self) -> None:
        if self.limit < self._most:
            self._exact = min(self._exact + 1 / self._exact, self._most)
            self.limit = int(self._exact)

    def enter(self, start: Callable[[], None], *, is_urgent: bool = False) -> None:
        """Call `start` as soon as there is a place, perhaps at once; it holds the place until `leave`.

        Args:
            is_urgent: before all who wait and are not.
        """
        if self._under_way < self.limit and not self._urgent and (is_urgent or not self._waiting):
            self._under_way += 1
            start()
        else:
            (self._urgent if is_urgent else self._waiting).append(start)

    def leave(self) -> None:
        """Give a place back. Who waits starts in the loop's next turn, together with others: packets that are sent in a row wake a server
        once, and one by one they wake it each time.
        """
        self._under_way -= 1
        if (self._urgent or self._waiting) and not self._is_turn_due:
            self._is_turn_due = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        self._is_turn_due = False
        while (self._urgent or self._waiting) and self._under_way < self.limit:
            self._under_way += 1
            (self._urgent or self._waiting).popleft()()
