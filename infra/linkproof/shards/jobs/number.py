"""How many processes verify, as `--jobs` says it."""

from __future__ import annotations

import os
import re

from linkproof.errors import LinkproofError

AUTO = "auto"
# Of eight connections to one server each has one: with more processes there would be more connections.
MOST_JOBS = 8


class InvalidJobsError(LinkproofError):
    """The text names no number of processes."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"--jobs {text!r}: no number of processes",
            f"write 1 to {MOST_JOBS}, or auto for as many as there are cores; more machines: --shard, --engine",
        )
        self.text = text


def jobs_of(text: str) -> int:
    """Read `N` or `auto`.

    Raises:
        InvalidJobsError: it is neither, or more than `MOST_JOBS`.
    """
    if text.strip() == AUTO:
        return min(cores(), MOST_JOBS)
    if not re.fullmatch(r"[1-9]", text.strip()) or int(text) > MOST_JOBS:
        raise InvalidJobsError(text)
    return int(text)


def cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
