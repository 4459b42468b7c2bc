"""What the past of 1,000 links costs: its size in the state, and a deployment that changes every record of theirs."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from linkproof.engine.state import read_state
from linkproof.history.keep import HISTORY_TYPE
from linkproof.history.read import read_history

from bench.declarations import many
from bench.measure import Row
from tests.engine.sandbox import Sandbox, sandbox

COMMAND = ".venv/bin/python -m bench.history"
LINKS = 1000
TIMEOUT_SECONDS = 1800  # for one command
# With a file backend the engine writes the whole state, 6 MB of it, before and after each step: a quarter of an hour of
# its own work at 1,000 links. Written once at the end, the share that is the history's is the larger one.
ONCE_AT_THE_END = {"PULUMI_SKIP_CHECKPOINTS": "true"}


def rows(links: int = LINKS) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder), TIMEOUT_SECONDS) as box:
        box.stack("dev", many(links))
        box.environments["dev"] |= ONCE_AT_THE_END
        box.up("dev")
        declaration = many(links)
        for link in declaration["links"].values():
            link["ttl_seconds"] = 120
        box.declare("dev", declaration)
        seconds, whole = _up(box)
        state = box.state("dev")
    history = next(r for r in state["deployment"]["resources"] if r["type"] == HISTORY_TYPE)
    size, total = len(json.dumps(history)), len(json.dumps(state))
    past = read_history(read_state(state)).past
    if sum(map(len, past.values())) < links:
        raise SystemExit(f"{sum(map(len, past.values()))} values are kept of {links} records that changed")
    shown = f"{seconds:.2f} s of {whole:.0f} s; {size / 1e6:.2f} MB of {total / 1e6:.1f} MB of state, {len(past):,} records with a past"
    return [Row(f"the history's update in an `up` that changes {links:,} click records", shown, "–", None, COMMAND)]


def _up(box: Sandbox) -> tuple[float, float]:
    """Deploy; the seconds that the history's own update took, and those of the whole."""
    begun = time.monotonic()
    events = box.events("up", "--stack", "dev")
    whole = time.monotonic() - begun
    mine = [
        event["timestamp"]
        for event in events
        for kind in ("resourcePreEvent", "resOutputsEvent")
        if HISTORY_TYPE in event.get(kind, {}).get("metadata", {}).get("urn", "")
    ]
    return float(max(mine) - min(mine)), whole


if __name__ == "__main__":
    print(*rows(*map(int, sys.argv[1:])), sep="\n")
