"""How far a verification on a cluster is, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.words import counted


def line(done: Mapping[str, int], total: int, given_up: Mapping[str, str], merged: Mapping[str, Any] | None) -> str:
    """Args:
    done: how many shards have reported, by vantage.
    total: how many each has.
    given_up: why a vantage will report no more, by its name.
    merged: what all have found so far.
    """
    each = ", ".join(f"{name} {count}/{total}{' (given up)' * (name in given_up)}" for name, count in done.items())
    if merged is None:
        return f"shards: {each}"
    cells = merged["coverage"]
    errors = sum(finding["severity"] == "error" for finding in merged["findings"])
    return (
        f"shards: {each}; {cells['checked']:,} of {cells['cells']:,} cells checked, {counted(errors, 'error')} so far"
    )
