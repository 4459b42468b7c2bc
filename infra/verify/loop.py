"""The event loop of a verification: uvloop where it is installed, for TLS above all; Python's own otherwise."""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

Found = TypeVar("Found")
# `asyncio` for Python's own although uvloop is there: to tell a fault of the one from a fault of ours.
VARIABLE = "LINKPROOF_LOOP"


def run(work: Coroutine[Any, Any, Found]) -> Found:
    """Run to the end, and leave no loop behind."""
    runner = asyncio.Runner(loop_factory=_factory())
    try:
        return runner.run(work)
    finally:
        # uvloop refuses to close while a cancelled connection has not quite ended; the result stands all the same
        with contextlib.suppress(OSError):
            runner.close()


def _factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if os.environ.get(VARIABLE) == "asyncio":
        return None
    try:
        import uvloop
    except ImportError:
        return None
    made: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return made
