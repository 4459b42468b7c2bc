"""Every request that an API of the lab was sent, one line of JSON each: what was asked of the vendors, and whether to change anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from linkproof_lab.apis.contract import ApiRequest

# Actions of JSON protocols that only read, whatever their method.
_READS = ("List", "Describe", "Get")


class RequestLog:
    """Appends to one file, which begins anew when it is full.

    Args:
        most_bytes: so long it may become.
    """

    def __init__(self, file: Path, most_bytes: int = 16 * 1024 * 1024) -> None:
        self._file = file
        self._most_bytes = most_bytes

    def add(self, url: str, request: ApiRequest, status: int) -> None:
        """One request and how it was answered; neither headers nor bodies, which have secrets."""
        action = request.headers.get("x-amz-target", "").rpartition(".")[2]
        entry = {
            "api": url,
            "method": request.method,
            "path": request.path,
            "action": action,
            "status": status,
            "writes": is_write(request.method, action),
        }
        if self._file.exists() and self._file.stat().st_size > self._most_bytes:
            self._file.unlink()
        with self._file.open("a") as out:
            out.write(json.dumps(entry) + "\n")


def is_write(method: str, action: str) -> bool:
    """Whether a request is meant to change something."""
    if action:
        return not action.startswith(_READS)
    return method not in ("GET", "HEAD", "OPTIONS")


def requests(file: Path) -> Iterator[dict[str, object]]:
    """All that were sent, in their order; nothing where there is no log."""
    if file.exists():
        for line in file.read_text().splitlines():
            yield json.loads(line)
