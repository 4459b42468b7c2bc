"""The log of an edge from which its vendor's counter has its numbers: one JSON object per line, only ever appended to.

Beside the store, whose every change would have all servers of the lab read it again.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class CountedLog:
    """Written by the edge, one line a request: `time`, and whatever the counter tells requests apart by."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def record(self, **told: Any) -> None:
        line = json.dumps({"time": time.time(), **told}) + "\n"
        # One write to a file opened for appending: lines stay whole even if the lab is killed between them.
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)

    def lines(self, since: float, until: float) -> Iterator[dict[str, Any]]:
        """Those of `since` and later, before `until`, in seconds since 1970."""
        if not self._file.exists():
            return
        for text in self._file.read_text(encoding="utf-8").splitlines():
            line: dict[str, Any] = json.loads(text)
            if since <= line["time"] < until:
                yield line
