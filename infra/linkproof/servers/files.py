"""Configuration files on disk: what was written here can be told from what somebody else wrote, or changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from linkproof.errors import LinkproofError

_SIGNED = re.compile(r"# Written by linkproof server-config, sha256 ([0-9a-f]{64}) of all other lines\.\n")


class NotOursError(LinkproofError):
    """A file is in the way that `server-config` did not write, or that was changed since."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file} was not written by linkproof, or was changed since", "move it away, or give another folder"
        )


def signed(text: str) -> str:
    """The text with a line that says whose it is: the first, or the second of a script."""
    line = f"# Written by linkproof server-config, sha256 {_digest(text)} of all other lines.\n"
    first, end, rest = text.partition("\n")
    return f"{first}{end}{line}{rest}" if first.startswith("#!") else f"{line}{text}"


def is_signed(text: str) -> bool:
    """Whether it is as it was written."""
    found = _SIGNED.search(text)
    return found is not None and found[1] == _digest(text[: found.start()] + text[found.end() :])


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write all files, or none.

    Args:
        files: signed texts by name.

    Raises:
        NotOursError: one is in the way.
        LinkproofError: the folder cannot be written.
    """
    try:
        for name in files:
            file = folder / name
            if file.is_symlink() or (file.exists() and not is_signed(file.read_text("utf-8", errors="replace"))):
                raise NotOursError(file)
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            file = folder / name
            file.write_text(text, "utf-8")
            if text.startswith("#!"):
                file.chmod(0o755)
    except OSError as error:
        raise LinkproofError(f"{folder}: {error.strerror or error}", "give a folder that can be written") from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
