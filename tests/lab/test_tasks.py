"""Background tasks end, also one that forgets its cancellation once."""

from __future__ import annotations

import asyncio

from linkproof_lab import tasks


async def forgets_once() -> None:
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        await asyncio.sleep(3600)


def test_a_task_that_forgets_its_cancellation_is_cancelled_again() -> None:
    async def run() -> list[bool]:
        made = [asyncio.create_task(job) for job in (forgets_once(), asyncio.sleep(3600), asyncio.sleep(0))]
        await asyncio.sleep(0.01)
        await tasks.end(made)
        return [task.cancelled() for task in made]

    assert asyncio.run(asyncio.wait_for(run(), 30)) == [True, True, False]
