"""Raw evidence of one run, one JSON object a line, so that a person can see what was really answered."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.errors import LinkproofError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO


class UnwritableEvidenceError(LinkproofError):
    """`--save` names no folder that can be written."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"--save {folder}: {reason}", "give a folder that can be written")
        self.folder = folder


class Evidence:
    """Writes to `<folder>/evidence.jsonl`; with no folder it keeps nothing.

    Raises:
        UnwritableEvidenceError: the folder cannot be written.
    """

    def __init__(self, folder: Path | None) -> None:
        self._file: TextIO | None = None
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                self._file = (folder / "evidence.jsonl").open("w", encoding="utf-8")
            except OSError as error:
                raise UnwritableEvidenceError(folder, error.strerror or str(error)) from error

    def keep(self, kind: str, **fields: Any) -> None:
        """Add one line. Bytes are written in base64, for they come from anywhere."""
        if self._file is None:
            return
        line = {"at": datetime.now(UTC).isoformat(), "kind": kind}
        line |= {
            key: base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
            for key, value in fields.items()
        }
        self._file.write(json.dumps(line) + "\n")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
