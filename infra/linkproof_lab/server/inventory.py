"""All that a lab holds, read from the store's file beside the process that writes it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def documents(database: Path) -> dict[str, dict[str, Any]]:
    """Every document by kind and key; empty for a lab that never ran."""
    found: dict[str, dict[str, Any]] = {}
    if database.exists():
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
            for kind, key, doc in db.execute("SELECT kind, key, doc FROM documents ORDER BY kind, rowid"):
                found.setdefault(kind, {})[key] = json.loads(doc)
    return found
