"""What the engine starts. It runs this file as a script, so its folder must be put on the path first."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent)

from linkproof.program import run  # noqa: E402  (the path above comes first)

run()
