"""A distant internet: the servers in a namespace of their own, every packet delayed on its way there and back."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from bench.internet.command import Run
from bench.internet.namespace import CannotMeasureError, bring_up_loopback
from bench.internet.tun import delay_in_kernel, open_tun

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SHAPE_PREFIX = "10.53"
NEAR = "10.54.0.1"


@dataclass(frozen=True)
class Far:
    """The two programs of a distant internet.

    Args:
        delayed_by: `netem`, or `forwarder` where the kernel has no netem.
    """

    delayed_by: str
    _servers: subprocess.Popen[str]
    _forwarder: subprocess.Popen[str]

    def run_there(self, command: Sequence[str]) -> Run:
        """Run a program at the far end, where nothing is delayed."""
        return Run(**_asked(self._servers, json.dumps(command)))

    def counts(self) -> dict[str, Any]:
        """What the path carried so far: see `bench/internet/delay.py`."""
        return _asked(self._forwarder, "")


@contextmanager
def far(folder: Path, links: int, one_way_milliseconds: float) -> Iterator[Far]:
    """Start the servers far away, inside a namespace of its own.

    Raises:
        CannotMeasureError: there is no TUN device, or the servers do not start.
    """
    bring_up_loopback()
    near = open_tun(local=NEAR, remote=f"{SHAPE_PREFIX}.0.0/16")
    here, there = socket.socketpair()
    command = ["unshare", "--net", sys.executable, "-m", "bench.internet.far_side", str(there.fileno())]
    command += [str(folder), str(links), str(one_way_milliseconds), NEAR]
    with _program(command, there.fileno()) as servers:
        there.close()
        said, descriptors, _, _ = socket.recv_fds(here, 1, 1)
        if not descriptors:
            raise CannotMeasureError("the far end did not start, see above")
        in_kernel = said == b"k" and delay_in_kernel(one_way_milliseconds)
        seconds = 0.0 if in_kernel else one_way_milliseconds / 1000
        command = [sys.executable, "-m", "bench.internet.delay", str(near), str(descriptors[0]), str(seconds)]
        with _program(command, near, descriptors[0]) as forwarder:
            os.close(near)
            os.close(descriptors[0])
            yield Far("netem" if in_kernel else "forwarder", servers, forwarder)


@contextmanager
def _program(command: Sequence[str], *inherited: int) -> Iterator[subprocess.Popen[str]]:
    """Ends with its standard input."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, pass_fds=inherited) as process:
        try:
            yield process
        finally:
            _stream(process.stdin).close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _asked(process: subprocess.Popen[str], line: str) -> dict[str, Any]:
    _stream(process.stdin).write(f"{line}\n")
    _stream(process.stdin).flush()
    answer = _stream(process.stdout).readline()
    if not answer:
        raise CannotMeasureError(f"`{process.args!r}` has ended, see above")
    found: dict[str, Any] = json.loads(answer)
    return found


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream
