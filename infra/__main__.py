"""What the engine starts. It runs this file as a script, so the project's root must be put on the path first."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from infra.program import main  # noqa: E402  (the path above comes first)

main()
