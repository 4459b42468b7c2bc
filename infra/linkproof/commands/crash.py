"""The last handler: what a fault of linkproof itself says, and by which exit code a script knows it."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

# EX_SOFTWARE of sysexits.h; 1 would say that something differs.
EXIT_CODE = 70
# The whole traceback, for whoever reports the fault.
VARIABLE = "LINKPROOF_TRACEBACK"
FIX = f"report it with the command and its version; {VARIABLE}=1 shows where it comes from"
_ROOT = Path(__file__).parents[3]


def describe(error: BaseException) -> str:
    """One line: nothing is proven, what happened, and where; no secret of an exception's text."""
    from linkproof.verify.redaction.redact import redact

    said = f"{type(error).__name__}: {redact(str(error))}" if str(error) else type(error).__name__
    return f"a fault of linkproof{_place(error)}, nothing is proven: {' '.join(said.split())}"


def trace(error: BaseException) -> None:
    """Print where it comes from, if somebody wants to see it."""
    if os.environ.get(VARIABLE, "0") not in ("", "0"):
        traceback.print_exception(error, file=sys.stderr)


def _place(error: BaseException) -> str:
    """The innermost line of ours."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(_ROOT / "infra"):
            return f" ({path.relative_to(_ROOT)}:{frame.lineno})"
    return ""
