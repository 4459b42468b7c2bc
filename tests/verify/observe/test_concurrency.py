"""The same work for many: in order, bounded, and ended by the first that fails."""

from __future__ import annotations

import asyncio

import pytest
from linkproof.verify.observe.concurrency import concurrent_map


@pytest.mark.parametrize("count", [0, 1, 3, 50])
def test_all_are_worked_on_in_order_and_no_more_than_allowed_at_a_time(count):
    under_way = most = 0

    async def work(item):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return item * 2

    assert asyncio.run(concurrent_map(range(count), work, 3)) == [item * 2 for item in range(count)]
    assert most == min(count, 3)


def test_what_the_work_raises_is_raised_as_it_is_and_ends_the_rest():
    ended = []

    async def work(item):
        if item == 5:
            raise ValueError(item)
        try:
            await asyncio.sleep(3600 if item > 2 else 0)
        finally:
            ended.append(item)

    async def run():
        try:
            await concurrent_map(range(10), work, 4)
        finally:
            await asyncio.sleep(0)

    with pytest.raises(ValueError, match="5"):
        asyncio.run(run())
    assert set(ended) == {0, 1, 2, 3, 4, 6}
