"""Reading and writing one stack's `expectations.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_previous(file: Path) -> dict[str, Any] | None:
    """The document that stands there; None when there is none or it cannot be read. Nothing is judged by it."""
    try:
        document = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return document if isinstance(document, dict) and document.get("version") == 1 else None


def write(file: Path, document: dict[str, Any]) -> None:
    """Replace the file in one step, so that a reader never sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_suffix(".json.new")
    # it may hold canaries, which are their recipients' alone
    scratch.unlink(missing_ok=True)
    scratch.touch(mode=0o600)
    scratch.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    scratch.replace(file)
