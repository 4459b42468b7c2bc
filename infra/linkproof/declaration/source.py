"""Where a declaration's bytes come from: a file, or a file as it was in a revision of the repository."""

from __future__ import annotations

import os
from pathlib import Path

from linkproof.declaration.revision import read_blob
from linkproof.declaration.source_error import SourceError, TooLargeError
from linkproof.declaration.text import MOST_BYTES


def read_source(spec: str) -> tuple[bytes, str]:
    """The bytes and the name of a declaration.

    Args:
        spec: a path, or `REV:path` (the path from the repository's root, or from here if it begins with `./`).
            An existing file of that name wins.

    Raises:
        SourceError: nothing of that name can be read.
        TooLargeError: it has more than 2 MiB; nothing was read then.
    """
    path = path_of(spec)
    if path == spec:
        return read_file(Path(spec)), spec
    revision = spec.partition(":")[0]
    if not revision or not path:
        raise SourceError(f"{spec!r} is neither a file nor REV:path", "write for example main:stacks/prod.yaml")
    return read_blob(revision, path, spec), spec


def path_of(spec: str) -> str:
    """The path in a PATH or `REV:path`, told apart as `read_source` does."""
    _, colon, path = spec.partition(":")
    return spec if not colon or os.path.lexists(spec) else path


def read_file(path: Path) -> bytes:
    """A file's bytes, at most 2 MiB.

    Raises:
        SourceError: it is missing, a folder, or may not be read.
        TooLargeError: its size is over the limit, or more than that arrives (a device, a pipe).
    """
    try:
        size_bytes = path.stat().st_size
        if size_bytes > MOST_BYTES:
            raise TooLargeError(str(path), size_bytes)
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SourceError(f"{path} cannot be read: {reason}", "check the path; declarations are in stacks/") from error
    if len(data) > MOST_BYTES:
        raise TooLargeError(str(path), len(data))
    return data
