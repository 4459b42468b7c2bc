"""Signals while the engine works: it ends itself at the first, and a second one would leave objects that nobody knows."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from linkproof.engine.deploy.foreground import _Signals

INT, TERM = signal.SIGINT, signal.SIGTERM


class Process:
    def __init__(self) -> None:
        self.sent: list[int] = []

    def send_signal(self, number: int) -> None:
        self.sent.append(number)


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        ((), (TERM,), [INT]),
        ((TERM,), (), [INT]),
        ((TERM,), (TERM, INT), [INT]),
        ((), (TERM, TERM), [INT]),
        ((), (INT, TERM), []),
        ((), (), []),
    ],
)
def test_an_end_is_handed_on_once_and_not_where_a_terminal_has_done_it(
    before: tuple[int, ...], after: tuple[int, ...], sent: list[int]
) -> None:
    signals, process = _Signals(), Process()
    started: Any = process
    for number in before:
        signals.note(number, None)
    signals.hand_on_to(started)
    for number in after:
        signals.note(number, None)
    assert process.sent == sent
    assert signals.asked == [*before, *after]
