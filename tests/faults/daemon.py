"""A real program in the foreground: started, waited for until it is ready, ended by its own process."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import dns.exception
import dns.flags
import dns.message
import dns.query

# Patience, not a measure: a busy machine may take this long to start a program.
START_SECONDS = 20


class Daemon:
    """Runs until `stop`.

    Args:
        arguments: the program and its arguments; it must stay in the foreground.
        log: where its output goes; its end is shown when it does not start.
        is_ready: asked until it says so; None for a program that is waited for later.
    """

    # what is raised when it does not start
    failure: type[Exception] = AssertionError

    def __init__(self, arguments: Sequence[str], log: Path, is_ready: Callable[[], bool] | None = None) -> None:
        self._log_file, self._log = log, log.open("wb")
        self._process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT
        )
        if is_ready is not None:
            self.wait_until(is_ready, "it did not start")

    def wait_until(self, is_ready: Callable[[], bool], otherwise: str) -> Self:
        """Wait until it is ready; where it ends before that, or time does, it is stopped, and the end of its log is shown."""
        deadline = time.monotonic() + START_SECONDS
        while not is_ready():
            ended = self._process.poll()
            if ended is not None or time.monotonic() > deadline:
                self.stop()
                said = self._log_file.read_text(errors="replace")[-3000:]
                raise self.failure(f"{otherwise}; {self._process.args!r} said (exit {ended}):\n{said}")
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def ask(
    address: str, port: int, name: str, record_type: str = "SOA", *, seconds: float = 1.0, recursive: bool = False
) -> dns.message.Message | None:
    """The plain answer of one server, with every record by itself, for tests that show what it says on the wire; None without any."""
    query = dns.message.make_query(name, record_type, use_edns=0, flags=dns.flags.RD | dns.flags.AD if recursive else 0)
    try:
        return dns.query.udp(query, address, timeout=seconds, port=port, one_rr_per_rrset=True)
    except (OSError, EOFError, dns.exception.DNSException):
        return None


def serves(address: str, port: int, *zones: str) -> Callable[[], bool]:
    """Ready once the server gives the SOA of all of these zones."""

    def is_ready() -> bool:
        answers = (ask(address, port, zone, seconds=0.3) for zone in zones)
        return all(answer is not None and bool(answer.answer) for answer in answers)

    return is_ready


def speaks(address: str, port: int, name: str = ".") -> Callable[[], bool]:
    """Ready once the server says anything at all: a broken zone makes a resolver fail, as it should."""
    return lambda: ask(address, port, name, seconds=1) is not None
