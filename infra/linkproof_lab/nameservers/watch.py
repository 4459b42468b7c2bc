"""Tells cheaply whether the store's file has changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path


class ChangeWatch:
    """A second connection to the store's file, used only for SQLite's own change counter.

    `PRAGMA data_version` moves whenever another connection has committed, in this process or any other, and costs a
    few microseconds; so a server can ask before each answer and read the tables only when there is something new.
    """

    def __init__(self, database: Path) -> None:
        self._db = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)
        self._seen: int | None = None

    def changed(self) -> bool:
        """Whether anything was committed since the last call; true the first time."""
        (now,) = self._db.execute("PRAGMA data_version").fetchone()
        seen, self._seen = self._seen, int(now)
        return seen != self._seen

    def close(self) -> None:
        self._db.close()
