"""Files that are written once: never over another, all or none, and a key never readable by others."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from linkproof.errors import LinkproofError

KEY_MODE = 0o600
PUBLIC_MODE = 0o644


def write_new(texts: Mapping[Path, tuple[str, int]]) -> None:
    """Write each file with its mode.

    Raises:
        LinkproofError: one is there already, or cannot be written.
    """
    made: list[Path] = []
    try:
        for file, (text, mode) in texts.items():
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            made.append(file)
            with os.fdopen(descriptor, "w", encoding="ascii", newline="\n") as stream:
                os.fchmod(descriptor, mode)  # whatever the umask
                stream.write(text)
                stream.flush()
                os.fsync(descriptor)
    except BaseException as error:
        for file in made:
            with contextlib.suppress(OSError):
                file.unlink()
        if isinstance(error, FileExistsError):
            fix = "nothing is ever overwritten: give another folder with --out, or move that file away"
            raise LinkproofError(f"{error.filename} is there already", fix) from error
        if isinstance(error, OSError):
            raise LinkproofError(
                f"{error.filename or file}: {error.strerror}",
                "give a folder that is there and can be written with --out",
            ) from error
        raise
