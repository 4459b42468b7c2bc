"""The same work for thousands of things, a bounded number at a time: what waits for its turn costs nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

Item = TypeVar("Item")
Found = TypeVar("Found")
# Above what the connections of an edge and the windows of a few servers need together.
AT_A_TIME = 400


async def concurrent_map(
    items: Sequence[Item], work: Callable[[Item], Awaitable[Found]], at_a_time: int = AT_A_TIME
) -> list[Found]:
    """Work on every item.

    Args:
        items: in any order.
        work: on one of them; what it raises ends all of it.
        at_a_time: how many are under way at most.

    Returns:
        what the work gave, in the order of the items.
    """
    found: list[Any] = [None] * len(items)
    left = iter(enumerate(items))

    async def worker() -> None:
        for position, item in left:
            found[position] = await work(item)

    workers = [asyncio.ensure_future(worker()) for _ in range(min(at_a_time, len(items)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for one in workers:
            one.cancel()
    return found


def share_of(limit: int, processes: int) -> int:
    """What of a limit one of so many processes may use."""
    return max(limit // processes, 1)
