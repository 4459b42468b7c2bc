"""The engine in the foreground: its output is the terminal's, and a signal to us is a signal to it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from linkproof.engine.cli import Engine


def run_in_foreground(engine: Engine, *arguments: str) -> tuple[int, bool]:
    """Run one command to its end, whatever comes; its exit code, and whether a signal asked for an early end.

    The engine ends itself on the first SIGINT, once the vendor has answered, and writes its state; killed at once it would
    leave objects that nobody knows. So we never end it: a terminal's ^C reaches it by itself, and SIGTERM is handed on.
    """
    with _noted() as signals:
        process = subprocess.Popen(
            ["pulumi", *arguments],
            cwd=engine.project.root,
            env=engine.environment(),
            stdin=subprocess.DEVNULL,
            # where our own standard output goes by now: beside a document on standard output it is standard error
            stdout=sys.stdout.fileno() if _is_real(sys.stdout) else None,
        )
        signals.hand_on_to(process)
        code = process.wait()
    return code, bool(signals.asked)


class _Signals:
    """What asked for an early end, from before the engine is started: none is lost in between."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self._process: subprocess.Popen[bytes] | None = None

    def note(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.asked.append(number)
        self._hand_on()

    def hand_on_to(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._hand_on()

    def _hand_on(self) -> None:
        """Once, and only where no ^C has reached the engine by itself: at a second one it ends at once, and leaves what nobody knows."""
        if self._process is None or not self.asked:
            return
        process, self._process = self._process, None
        if self.asked[0] == signal.SIGTERM:
            process.send_signal(signal.SIGINT)


@contextmanager
def _noted() -> Iterator[_Signals]:
    signals = _Signals()
    before: dict[int, Any] = {number: signal.signal(number, signals.note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_real(stream: Any) -> bool:
    try:
        stream.fileno()
    except (AttributeError, OSError, ValueError):
        return False
    stream.flush()
    return True
