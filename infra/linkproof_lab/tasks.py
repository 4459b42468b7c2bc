"""Background tasks, and their end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

_AGAIN_SECONDS = 1.0


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel them, and wait until all have ended.

    Cancelled again after a second: in Python 3.11 `asyncio.wait_for` forgets a cancellation that comes just when what it
    waits for is done, and a task that goes round for ever would be waited for as long.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_AGAIN_SECONDS)
