"""The programs to compare with, in a folder of their own: the project itself must not come to need them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_REPOSITORY = Path(__file__).resolve().parent.parent
_FOLDER = Path(os.environ.get("LINKPROOF_BENCH_PACKAGES", _REPOSITORY / ".cache" / "bench-packages"))
_REQUIREMENTS = _REPOSITORY / "bench" / "requirements.txt"


def folder() -> Path | None:
    """The folder with all of `bench/requirements.txt`, made on the first use; None when it cannot be made."""
    complete = _FOLDER / ".complete"
    if complete.exists() and complete.read_text() == _REQUIREMENTS.read_text():
        return _FOLDER
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--no-deps", "--require-hashes"]
    command += ["--target", str(_FOLDER), "--requirement", str(_REQUIREMENTS)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        print(f"no packages to compare with: {done.stderr.strip()[-500:]}", file=sys.stderr)
        return None
    complete.write_text(_REQUIREMENTS.read_text())
    return _FOLDER


def make_importable() -> bool:
    """Put the folder last, so that the project's own packages win; whether there is one."""
    found = folder()
    if found is not None:
        sys.path.append(str(found))
    return found is not None
