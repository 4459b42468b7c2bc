"""Where a declaration's bytes come from: a file, or a file as it was in a revision of the repository."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from linkproof.declaration.text import MOST_BYTES
from linkproof.errors import LinkproofError

_TIMEOUT_SECONDS: Final = 30


class SourceError(LinkproofError):
    """The file, the revision or the path in it cannot be read."""


class TooLargeError(SourceError):
    """More bytes than a declaration may have. `size_bytes` is what the file system or git says."""

    def __init__(self, name: str, size_bytes: int) -> None:
        super().__init__(
            f"{name} has {size_bytes:,} bytes, at most {MOST_BYTES:,} (2 MiB) are read",
            "split the environment into several declarations",
        )
        self.size_bytes = size_bytes


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
    return _read_revision(revision, path, spec), spec


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


def _read_revision(revision: str, path: str, spec: str) -> bytes:
    if _git("rev-parse", "--is-inside-work-tree").returncode != 0:
        raise SourceError(
            f"{spec!r}: this folder is in no git repository", "run it inside the repository, or name a file"
        )
    # --end-of-options: a revision that begins with a dash is never read as an option.
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit.returncode != 0:
        fix = "fetch it first (`git fetch origin main`; in CI, a checkout with history), or name another revision"
        raise SourceError(f"{spec!r}: git knows no revision {revision!r}", fix)
    name = f"{commit.stdout.decode().strip()}:{path}"
    size = _git("cat-file", "-s", name)
    kind = _git("cat-file", "-t", name)
    if size.returncode != 0 or kind.stdout.strip() != b"blob":
        fix = "paths are from the repository's root; begin with ./ for this folder"
        raise SourceError(f"{spec!r}: there is no file {path!r} in {revision}", fix)
    if int(size.stdout) > MOST_BYTES:
        raise TooLargeError(spec, int(size.stdout))
    # cat-file shows the stored bytes: no pager, no text conversion, no filter.
    return _git("cat-file", "blob", name).stdout


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.run(
            ["git", *arguments], capture_output=True, check=False, timeout=_TIMEOUT_SECONDS, env=environment
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise SourceError(
            f"git did not answer: {type(error).__name__}", "check that git is installed and on PATH"
        ) from error
