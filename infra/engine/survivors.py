"""What outlives a killed engine: providers, which may still be creating something, and its language host, which waits for ever."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from infra.engine.processes import Process, engine_above, process, processes
from infra.errors import LinkproofError

_PROVIDER = re.compile(r"pulumi-resource-[\w-]+|(?:infra\.lab\.providers|infra\.providers)\.\w+")
_LANGUAGE_HOST = re.compile(r"pulumi-language-[\w-]+")
_ADDRESS = re.compile(r"(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})")
# A request to a vendor is over by then. A real provider that has nothing to do lives five minutes longer.
WAIT_SECONDS = 20.0
_END_SECONDS = 5.0


def end_survivors(root: Path, declaration: str, say: Callable[[str], None], seconds: float = WAIT_SECONDS) -> None:
    """Wait until no orphaned provider of this project's dead engine works, end one that only waits, and its language host.

    A language host without its engine can register nothing more; some wait for ever. A provider that has outlived
    `seconds` is ended where it is certain whose it is: its engine's address, the last of its arguments, answers no more.

    Args:
        root: the project's folder.
        declaration: the stack's, as `LINKPROOF_DECLARATION` names it; another stack's providers are left alone.

    Raises:
        LinkproofError: a provider still works after `seconds`, and it is not certain that its engine is dead.
    """
    for found in _orphans(root, declaration, _LANGUAGE_HOST):
        _signal(found, signal.SIGTERM)
    until = time.monotonic() + seconds
    while alive := list(_orphans(root, declaration, _PROVIDER)):
        if time.monotonic() > until:
            break
        time.sleep(0.1)
    unsure = [found for found in alive if not _engine_is_gone(found)]
    if unsure:
        raise LinkproofError(
            f"providers of the killed engine still work: {', '.join(_shown(found) for found in unsure)}",
            "wait for them, or end them, and run this again",
        )
    for found in alive:
        _end(found)
        say(f"ended the dead engine's provider {_shown(found)}, which had been waiting for it")


def _orphans(root: Path, declaration: str, mark: re.Pattern[str]) -> Iterator[Process]:
    """Processes that an engine started, for this stack, and that no engine is above any more."""
    for found in processes():
        if not _is_plugin(found, mark) or not _is_inside(found, root) or engine_above(found.parent) is not None:
            continue
        named = (found.environment() or {}).get("LINKPROOF_DECLARATION")
        if named is None or named == declaration:
            yield found


def _is_plugin(found: Process, mark: re.Pattern[str]) -> bool:
    """By a whole argument: the program, or what an interpreter was told to run."""
    return any(mark.fullmatch(Path(argument).name) for argument in found.arguments)


def _is_inside(found: Process, root: Path) -> bool:
    folder = found.folder()
    if folder is not None and folder.is_relative_to(root):
        return True
    return any(argument.startswith(f"{root}/") for argument in found.arguments)


def _engine_is_gone(found: Process) -> bool:
    """Whether the engine that the provider was told of listens no more. Without an address it is not known."""
    address = _ADDRESS.fullmatch(found.arguments[-1])
    if address is None:
        return False
    try:
        socket.create_connection((address[1].strip("[]"), int(address[2])), timeout=2).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False


def _end(found: Process) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        _signal(found, how)
        until = time.monotonic() + _END_SECONDS
        while time.monotonic() < until:
            if not _is_same(found):
                return
            time.sleep(0.05)


def _is_same(found: Process) -> bool:
    now = process(found.pid)
    return now is not None and now.started == found.started and now.arguments == found.arguments


def _signal(found: Process, how: signal.Signals) -> None:
    """Only the process that was seen: its number may have been given to another since."""
    if _is_same(found):
        with contextlib.suppress(ProcessLookupError):
            os.kill(found.pid, how)


def _shown(found: Process) -> str:
    name = next(
        (Path(argument).name for argument in found.arguments if _PROVIDER.fullmatch(Path(argument).name)), found.name
    )
    return f"{found.pid} ({name})"
