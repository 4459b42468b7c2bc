"""What outlives a killed engine: providers, which may still be creating something, and its language host, which waits for ever."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from linkproof.engine.processes import Process, engine_above, process, processes
from linkproof.errors import LinkproofError

_PROVIDER = re.compile(r"pulumi-resource-[\w-]+|(?:infra\.lab\.providers|infra\.providers)\.\w+")
_LANGUAGE_HOST = re.compile(r"pulumi-language-[\w-]+")
_ADDRESS = re.compile(r"(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})")
# A request to a vendor is over by then. A real provider that has nothing to do lives five minutes longer.
WAIT_SECONDS = 20.0
_END_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Whose:
    """How a process is known to be of one stack's engine.

    Args:
        root: the project's folder; the engine starts providers inside it.
        project: its name.
        declaration: the stack's, as `LINKPROOF_DECLARATION` names it.
        backend: the URL of the stack's backend.
    """

    root: Path
    project: str
    declaration: str
    backend: str

    def owns(self, found: Process) -> bool:
        """By the environment that the engine handed down; where that says nothing, by the folder."""
        environment = found.environment() or {}
        mine = {
            "PULUMI_BACKEND_URL": self.backend,
            "PULUMI_PROJECT": self.project,
            "LINKPROOF_DECLARATION": self.declaration,
        }
        said = {name: environment[name] == value for name, value in mine.items() if name in environment}
        if not all(said.values()):
            return False
        folder = found.folder()
        return (
            len(said) == len(mine)
            or (folder is not None and folder.is_relative_to(self.root))
            or any(argument.startswith(f"{self.root}/") for argument in found.arguments)
        )


def end_survivors(whose: Whose, say: Callable[[str], None], seconds: float = WAIT_SECONDS) -> None:
    """Wait until no orphaned provider of the stack's dead engine works, end one that only waits, and its language host.

    A language host without its engine can register nothing more; some wait for ever. A provider that has outlived
    `seconds` is ended where it is certain whose it is: its engine's address, the last of its arguments, answers no more.

    Raises:
        LinkproofError: a provider still works after `seconds`, and it is not certain that its engine is dead.
    """
    for found in _orphans(whose, _LANGUAGE_HOST):
        _signal(found, signal.SIGTERM)
    until = time.monotonic() + seconds
    while alive := list(_orphans(whose, _PROVIDER)):
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


def _orphans(whose: Whose, mark: re.Pattern[str]) -> Iterator[Process]:
    """Processes that an engine started, for this stack, and that no engine is above any more."""
    for found in processes():
        if _is_plugin(found, mark) and whose.owns(found) and engine_above(found.parent) is None:
            yield found


def _is_plugin(found: Process, mark: re.Pattern[str]) -> bool:
    """By a whole argument: the program, or what an interpreter was told to run."""
    return any(mark.fullmatch(Path(argument).name) for argument in found.arguments)


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
