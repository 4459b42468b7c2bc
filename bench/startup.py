"""`linkproof --help` against the goal of 150 ms, and against an empty Python."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.measure import Row, median_seconds, quiet

COMMAND = ".venv/bin/python -m bench.startup"


def rows() -> list[Row]:
    linkproof = str(Path(sys.executable).parent / "linkproof")
    seconds = median_seconds(quiet(linkproof, "--help"), runs=15)
    empty = median_seconds(quiet(sys.executable, "-c", "pass"), runs=15)
    shown = f"{seconds * 1000:.0f} ms ({seconds / empty:.1f}× an empty Python)"
    return [Row("`linkproof --help`", shown, "≤ 150 ms", seconds <= 0.150, COMMAND)]


if __name__ == "__main__":
    print(*rows(), sep="\n")
