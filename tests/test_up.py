"""`make up`, before it comes to an engine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def test_a_stack_that_is_not_there_is_said_with_those_that_are():
    done = subprocess.run(
        [sys.executable, "tools/up.py", "nope"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "there is no stack 'nope'" in done.stderr
    assert "stacks here: dev, prod" in done.stderr
    assert "Traceback" not in done.stderr
    assert "$ linkproof" not in done.stdout, "nothing was begun"
