"""The event loop of a verification: uvloop where it is installed, for TLS above all; Python's own otherwise."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import resource
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

Found = TypeVar("Found")
# `asyncio` for Python's own although uvloop is there: to tell a fault of the one from a fault of ours.
VARIABLE = "LINKPROOF_LOOP"
# Answers are kept to the end and hardly any refer to each other in a circle, so that looking for circles after every 700 new objects, as
# Python does by default, takes a tenth of a large run and finds nothing.
_OBJECTS_BEFORE_COLLECTING = 50_000
# Sockets of DNS, connections to servers and to edges, and what the process has open besides.
_OPEN_FILES = 2048


def run(work: Coroutine[Any, Any, Found]) -> Found:
    """Run to the end, and leave no loop behind."""
    _make_room()
    runner = asyncio.Runner(loop_factory=_factory())
    try:
        with _collecting_seldom():
            return runner.run(work)
    finally:
        # uvloop refuses to close while a cancelled connection has not quite ended; the result stands all the same
        with contextlib.suppress(OSError):
            runner.close()


def _make_room() -> None:
    """Raise the soft limit of open files, which is 1,024 by custom for the sake of select(2), as far as needed and allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@contextlib.contextmanager
def _collecting_seldom() -> Iterator[None]:
    usual = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTING, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if os.environ.get(VARIABLE) == "asyncio":
        return None
    try:
        import uvloop
    except ImportError:
        return None
    made: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return made
