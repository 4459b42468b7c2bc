"""One run of a whole program: how long, how much CPU, how much memory, and what it said."""

from __future__ import annotations

import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.internet.namespace import CannotMeasureError

if TYPE_CHECKING:
    from collections.abc import Sequence

REPOSITORY = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took.

    Args:
        cpu_seconds: user and system time of the program alone, not of the servers.
        peak_mb: its largest resident set, in units of 1,000,000 octets.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    exit_code: int
    output: str

    def document(self, *, verdict: str = "proven") -> dict[str, Any]:
        """The JSON of `verify`.

        Raises:
            CannotMeasureError: the verdict is another one, so that something else was measured than was meant.
        """
        try:
            tree: dict[str, Any] = json.loads(self.output)
        except ValueError:
            raise CannotMeasureError(f"exit {self.exit_code}: {self.output[-2000:]}") from None
        if tree["verdict"] != verdict:
            some = json.dumps([*tree["findings"][:2], *tree["could_not_check"][:2]], indent=1)
            raise CannotMeasureError(f"the verdict is {tree['verdict']}, expected {verdict}: {some}")
        return tree


def run(command: Sequence[str], *, folder: Path | None = None, more_path: str = "") -> Run:
    """Run a program to its end, in the repository, with this repository's packages first.

    Args:
        folder: where it works; the repository by default.
        more_path: a further entry of PYTHONPATH.
    """
    path = os.pathsep.join(part for part in (str(REPOSITORY), more_path) if part)
    environment = {**os.environ, "PYTHONPATH": path}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        actions = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, errors.fileno(), 2)]
        before = Path.cwd()
        started = time.perf_counter()
        os.chdir(folder or REPOSITORY)
        try:
            pid = os.posix_spawnp(command[0], list(command), environment, file_actions=actions)
        finally:
            os.chdir(before)
        _, status, used = os.wait4(pid, 0)
        seconds = time.perf_counter() - started
        output.seek(0)
        errors.seek(0)
        said, complained = output.read().decode(errors="replace"), errors.read().decode(errors="replace")
    code = os.waitstatus_to_exitcode(status)
    return Run(
        seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6, code, said if said.strip() else complained
    )
