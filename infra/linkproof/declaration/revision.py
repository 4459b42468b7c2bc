"""Files as they were in a revision of the repository, asked of git: nothing is checked out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from linkproof.declaration.source_error import SourceError, TooLargeError
from linkproof.declaration.text import MOST_BYTES

_TIMEOUT_SECONDS: Final = 30


def commit_of(revision: str, spec: str, folder: Path | None = None) -> str:
    """The commit that a revision names.

    Args:
        spec: what a person wrote, for messages.
        folder: in the repository; where the command runs, by default.

    Raises:
        SourceError: there is no repository, or git knows no such revision.
    """
    if _git("rev-parse", "--is-inside-work-tree", folder=folder).returncode != 0:
        raise SourceError(
            f"{spec!r}: this folder is in no git repository", "run it inside the repository, or name a file"
        )
    # --end-of-options: a revision that begins with a dash is never read as an option.
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", folder=folder)
    if commit.returncode != 0:
        fix = "fetch it first (`git fetch origin main`; in CI, a checkout with history), or name another revision"
        raise SourceError(f"{spec!r}: git knows no revision {revision!r}", fix)
    return commit.stdout.decode().strip()


def read_blob(revision: str, path: str, spec: str, folder: Path | None = None) -> bytes:
    """A file's stored bytes, at most 2 MiB.

    Args:
        path: from the repository's root, or from the folder if it begins with `./`.
        spec: what a person wrote, for messages.
        folder: in the repository; where the command runs, by default.

    Raises:
        SourceError: the revision has no such file.
        TooLargeError: it has more than 2 MiB; nothing was read then.
    """
    name = f"{commit_of(revision, spec, folder)}:{path}"
    size = _git("cat-file", "-s", name, folder=folder)
    kind = _git("cat-file", "-t", name, folder=folder)
    if size.returncode != 0 or kind.stdout.strip() != b"blob":
        fix = "paths are from the repository's root; begin with ./ for this folder"
        raise SourceError(f"{spec!r}: there is no file {path!r} in {revision}", fix)
    if int(size.stdout) > MOST_BYTES:
        raise TooLargeError(spec, int(size.stdout))
    # cat-file shows the stored bytes: no pager, no text conversion, no filter.
    return _git("cat-file", "blob", name, folder=folder).stdout


def names_in(commit: str, folder: Path) -> list[str]:
    """What stands directly in a folder of the working tree, as the commit has it; nothing where it has no such folder."""
    listed = _git("ls-tree", "-z", "--name-only", commit, folder=folder)
    return [name for name in listed.stdout.decode("utf-8", "replace").split("\0") if name]


def _git(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.run(
            ["git", *arguments],
            cwd=folder,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_SECONDS,
            env=environment,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise SourceError(
            f"git did not answer: {type(error).__name__}", "check that git is installed and on PATH"
        ) from error
