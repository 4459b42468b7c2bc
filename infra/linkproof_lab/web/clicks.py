"""The log of what the senders recorded: one JSON object per line, only ever appended to."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from linkproof_lab.settings import LabSettings
from linkproof_lab.web.viewer import Viewer


def clicks_file(settings: LabSettings) -> Path:
    return settings.state_dir / "clicks.jsonl"


def read_clicks(settings: LabSettings) -> list[dict[str, Any]]:
    """Everything recorded, oldest first; see `ClickLog.record` for the keys."""
    file = clicks_file(settings)
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


class ClickLog:
    """Written by the origins."""

    def __init__(self, settings: LabSettings) -> None:
        self._file = clicks_file(settings)

    def record(self, sender: str, event: str, viewer: Viewer) -> None:
        """Append one line: `time`, `sender`, `event`, `method`, `host`, `path` with the query, `scheme`, `user_agent`,
        `x_forwarded_for` (the last two are null when the request had none).

        Args:
            sender: its name in the registry.
            event: `click`, `open` or `request`.
        """
        line = {
            "time": time.time(),
            "sender": sender,
            "event": event,
            "method": viewer.method,
            "host": viewer.host,
            "path": viewer.path if viewer.query is None else f"{viewer.path}?{viewer.query}",
            "scheme": viewer.scheme,
            "user_agent": next(iter(viewer.values("user-agent")), None),
            "x_forwarded_for": ", ".join(viewer.values("x-forwarded-for")) or None,
        }
        # One write to a file opened for appending: lines stay whole even if the lab is killed between them.
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, (json.dumps(line) + "\n").encode())
        finally:
            os.close(descriptor)
