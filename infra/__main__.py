"""What the engine starts. It runs this file as a script, so its folder must be put on the path first."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent)

import pulumi  # noqa: E402  (the path above comes first)
from linkproof.errors import LinkproofError  # noqa: E402
from linkproof.program import main  # noqa: E402

try:
    main()
except LinkproofError as error:
    # The engine prints a RunError as it is, and everything else with a traceback.
    raise pulumi.RunError(str(error)) from None
