"""`linkproof drift dev` against its three commands one after the other, on the running lab: run `make up` first.

In turn in one run, so that a busy machine slows both. `python -m bench.drift FOLDER` takes another project with a stack dev.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from bench.measure import Row, timed

COMMAND = ".venv/bin/python -m bench.drift"
GOAL = 0.7
_RUNS = 7
_PULUMI = (
    ("pulumi", "preview", "--json", "--stack", "dev", "--non-interactive"),
    ("pulumi", "refresh", "--preview-only", "--run-program", "--json", "--stack", "dev", "--non-interactive"),
)


def rows(folder: Path = Path()) -> list[Row]:
    """One row: the median of the ratios."""
    linkproof = str(Path(sys.executable).parent / "linkproof")
    drift, verify = (linkproof, "drift", "dev"), (linkproof, "verify", "dev")
    environment = dict(os.environ)
    said = subprocess.run([linkproof, "env", "dev", "--json"], cwd=folder, check=False, capture_output=True, text=True)
    if said.returncode == 0:
        # what previews alone, as `drift` runs it: without the state that the engine makes anew after each step
        environment |= json.loads(said.stdout) | {"PULUMI_SKIP_CHECKPOINTS": "true"}

    def run(*command: str) -> int:
        return subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True).returncode

    what = "`linkproof drift dev` against its three commands one after the other"
    first = [run(*command) for command in (drift, *_PULUMI, verify)]
    if any(first):
        return [Row(what, f"not measured: exits {first}, run `make up`", f"≤ {GOAL} ×", None, COMMAND)]
    pairs = []
    for _ in range(_RUNS):
        together = timed(lambda: run(*drift))
        apart = timed(lambda: [run(*command) for command in (*_PULUMI, verify)])
        pairs.append((together, apart))
    ratio = statistics.median(together / apart for together, apart in pairs)
    seconds = [statistics.median(side) for side in zip(*pairs, strict=True)]
    print(json.dumps({"bench": "drift", "pairs": pairs, "ratio": ratio}), file=sys.stderr)
    measured = f"{ratio:.2f} × ({seconds[0]:.1f} s, {seconds[1]:.1f} s)"
    return [Row(what, measured, f"≤ {GOAL} ×", ratio <= GOAL, COMMAND)]


if __name__ == "__main__":
    print(*rows(Path(*sys.argv[1:2])), sep="\n")
