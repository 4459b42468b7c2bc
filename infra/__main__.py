"""What the engine starts. It runs this file as a script, so its folder must be put on the path first."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent)

# An SDK is some hundred thousand objects that stay: looking through them for garbage time and again is a fifth of each run.
gc.set_threshold(50_000, 20, 20)

from linkproof.program import run  # noqa: E402  (the path above comes first)

run()
