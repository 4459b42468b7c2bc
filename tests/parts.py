"""Real third-party programs that some tests drive: missing is a reason to skip, and in CI a failure."""

from __future__ import annotations

import os
import shutil

import pytest


def need(package: str, *programs: str) -> None:
    """All of these programs are on PATH, or this test does not run here.

    Args:
        package: what to install on Debian.
    """
    for program in programs:
        if shutil.which(program) is None:
            missing = f"{program} is not installed (Debian: apt-get install {package})"
            if os.environ.get("CI"):
                pytest.fail(missing)
            pytest.skip(missing)
