"""A command of the engine that changes nothing, run beside other work."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from linkproof.errors import LinkproofError

_SECONDS_TO_END: Final = 10.0


class Beside:
    """One running command. Use it as a context manager: whatever comes, nothing of it runs on afterwards."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._command = list(command)
        # files in place of pipes: a full pipe would hold it up until somebody reads
        self._out, self._err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115  closed by `__exit__`
        # a group of its own: a terminal's ^C would be a first signal and `_end` a second one, at which the engine leaves its providers running
        self._process = subprocess.Popen(
            self._command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=self._out, stderr=self._err,
            process_group=0,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()
        self._out.close()
        self._err.close()

    def ended(self, timeout_seconds: float = 3600) -> subprocess.CompletedProcess[str]:
        """Wait for its end; the exit code and what it printed.

        Raises:
            LinkproofError: it did not end in time.
        """
        try:
            code = self._process.wait(timeout_seconds)
        except subprocess.TimeoutExpired as error:
            raise LinkproofError(
                f"`{' '.join(self._command)}` did not end within {timeout_seconds:g} s",
                "run it by hand to see where it stops",
            ) from error
        said = [self._said(file) for file in (self._out, self._err)]
        return subprocess.CompletedProcess(self._command, code, *said)

    @staticmethod
    def _said(file: IO[bytes]) -> str:
        file.seek(0)
        return file.read().decode(errors="replace")

    def _end(self) -> None:
        """By a first signal the engine ends its program and its providers too; only an engine that hangs is killed."""
        if self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
