"""`linkproof verify dev` on the running lab: run `make up` first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench.measure import Row, median_seconds, quiet

COMMAND = ".venv/bin/python -m bench.verify_dev"


def rows() -> list[Row]:
    linkproof = str(Path(sys.executable).parent / "linkproof")
    first = subprocess.run([linkproof, "verify", "dev"], check=False, capture_output=True, text=True)
    if first.returncode != 0:
        return [
            Row(
                "`linkproof verify dev`",
                f"not measured: exit {first.returncode}, run `make up`",
                "≤ 5 s",
                None,
                COMMAND,
            )
        ]
    seconds = median_seconds(quiet(linkproof, "verify", "dev"), runs=5)
    return [Row("`linkproof verify dev`", f"{seconds:.2f} s", "≤ 5 s", seconds <= 5, COMMAND)]


if __name__ == "__main__":
    print(*rows(), sep="\n")
