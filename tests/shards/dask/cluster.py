"""A cluster of Dask as real processes: a scheduler at the hub, workers where they are put; each ended by its own process."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Self

from tests.faults.daemon import Daemon
from tests.shards.dask.network import REPOSITORY, Namespace

PORT = 8786


class Worker(Daemon):
    """One worker in a namespace.

    Args:
        scheduler: its host, as seen from there.
        before: a folder whose packages come before this repository's.
    """

    def __init__(
        self, place: Namespace, folder: Path, name: str, scheduler: str, *options: str, before: Path | None = None
    ) -> None:
        self.name = name
        path = os.pathsep.join(str(part) for part in (before, REPOSITORY / "infra") if part)
        command = [
            "env", f"PYTHONPATH={path}", sys.executable, "-m", "distributed.cli.dask_worker", f"tcp://{scheduler}:{PORT}",
            "--name", name, "--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(folder / "scratch"), *options,
        ]  # fmt: skip
        self.log = folder / f"{name}.log"
        super().__init__(place.inside(*command), self.log)

    def registered(self) -> Self:
        return self.wait_until(lambda: b"Registered to" in self.log.read_bytes(), f"{self.name} did not register")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """A worker that is told to end first waits for what it has; here nobody does."""
        self.kill()
        super().stop()


class Scheduler(Daemon):
    """Listens at every address of its namespace."""

    def __init__(self, place: Namespace, folder: Path) -> None:
        command = [
            sys.executable,
            "-m",
            "distributed.cli.dask_scheduler",
            "--port",
            str(PORT),
            "--no-dashboard",
            "--no-show",
        ]
        log = folder / "scheduler.log"
        super().__init__(place.inside(*command), log)
        self.wait_until(lambda: b"Scheduler at:" in log.read_bytes(), "the scheduler did not start")
