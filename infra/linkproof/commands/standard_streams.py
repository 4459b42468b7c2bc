"""Standard output and standard error as every command uses them: whoever reads them decides nothing about what was found."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any, TextIO

# A key or an id of a file from elsewhere may be megabytes long.
_LONGEST_LINE = 2000


class PipeTolerantStream:
    """A stream that goes on when nobody reads it any more, as in `linkproof verify prod | head`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            self._go_nowhere()
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._go_nowhere()

    def _go_nowhere(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def install() -> None:
    """Put both in place; a terminal that cannot show a character gets its escape instead of a traceback."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, PipeTolerantStream):
            continue  # several commands in one process
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")
        setattr(sys, name, PipeTolerantStream(stream))


def clear_progress() -> None:
    """Take back the line that says what is being done, where a person is looking."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """Arguments and files may hold terminal escapes; only line ends are let through, and no line is longer than one reads."""
    lines = (line[:_LONGEST_LINE] + "…" * (len(line) > _LONGEST_LINE) for line in text.split("\n"))
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in "\n".join(lines))
