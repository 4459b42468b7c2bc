"""The window of questions to one address: halved by a loss, widened by answers, never closed."""

from __future__ import annotations

import asyncio

import pytest
from linkproof.verify.observe.dns.congestion_window import MAX_IN_FLIGHT, CongestionWindow


def test_a_loss_halves_it_and_answers_widen_it_again():
    window = CongestionWindow()
    assert window.limit == MAX_IN_FLIGHT
    window.lost(0.0, 1.0)
    assert window.limit == MAX_IN_FLIGHT // 2
    for second in range(1, 20):
        window.lost(second, second + 1.0)
    assert window.limit == 1, "one question is always allowed"
    for _ in range(MAX_IN_FLIGHT * MAX_IN_FLIGHT):
        window.answered()
    assert window.limit == MAX_IN_FLIGHT


def test_what_was_under_way_together_halves_it_once():
    window = CongestionWindow()
    for _ in range(20):
        window.lost(0.0, 1.0)
    assert window.limit == MAX_IN_FLIGHT // 2
    window.lost(0.9, 1.5)
    assert window.limit == MAX_IN_FLIGHT // 2, "sent before it was halved"
    window.lost(1.1, 2.0)
    assert window.limit == MAX_IN_FLIGHT // 4


@pytest.mark.parametrize("limit", [1, 3])
def test_no_more_than_its_limit_are_under_way_and_all_get_their_turn(limit):
    async def run():
        window, under_way, most, done = CongestionWindow(limit), 0, 0, 0

        async def question():
            nonlocal under_way, most, done
            turn = asyncio.get_running_loop().create_future()
            window.enter(lambda: turn.set_result(None))
            await turn
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1
            done += 1
            window.leave()

        await asyncio.gather(*(question() for _ in range(50)))
        return most, done

    assert asyncio.run(run()) == (limit, 50)


def test_who_is_urgent_goes_before_all_who_are_not():
    async def run():
        window, started = CongestionWindow(1), []
        window.enter(lambda: started.append("first"))
        window.enter(lambda: started.append("waiting"))
        window.enter(lambda: started.append("urgent"), is_urgent=True)
        window.enter(lambda: started.append("urgent too"), is_urgent=True)
        for _ in range(4):
            window.leave()
            await asyncio.sleep(0)
        return started

    assert asyncio.run(run()) == ["first", "urgent", "urgent too", "waiting"]


def test_who_is_urgent_takes_no_more_than_the_window_has():
    async def run():
        window, started = CongestionWindow(2), []
        for name in "abc":
            window.enter(lambda name=name: started.append(name), is_urgent=True)
        return started

    assert asyncio.run(run()) == ["a", "b"]
