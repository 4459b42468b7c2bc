"""How many questions may be under way to one address: fewer after a loss, more again while answers come."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# Above 100 in flight a server's default socket buffer overflows, and each loss costs a whole time-out.
WINDOW = 100


class Window:
    """A window that a loss halves and that each answer widens by a little, as TCP does (RFC 5681 §3.1).

    Rate limiting (RRL) shows as loss: it must slow us down, never look like a fault of the record that was asked for.
    """

    def __init__(self, limit: int = WINDOW) -> None:
        self._most = limit
        self._limit = float(limit)
        self._under_way = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def limit(self) -> int:
        return max(int(self._limit), 1)

    def lost(self) -> None:
        self._limit = max(self._limit / 2, 1.0)

    def answered(self) -> None:
        self._limit = min(self._limit + 1 / self._limit, self._most)

    @contextlib.asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place among the questions under way."""
        while self._under_way >= self.limit:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                with contextlib.suppress(ValueError):
                    self._waiting.remove(turn)
                self._wake()
                raise
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._wake()

    def _wake(self) -> None:
        free = self.limit - self._under_way
        while free > 0 and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                free -= 1
