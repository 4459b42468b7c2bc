"""Timing whole commands: the median of several runs after a warm-up, and pairs in turn for ratios."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `goal` is None where nothing was promised."""

    what: str
    measured: str
    goal: str
    met: bool | None
    command: str

    def __str__(self) -> str:
        verdict = {True: "yes", False: "**no**", None: "–"}[self.met]
        return f"| {self.what} | {self.measured} | {self.goal} | {verdict} | `{self.command}` |"


def timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def median_seconds(run: Callable[[], object], runs: int = 7) -> float:
    run()
    return statistics.median(timed(run) for _ in range(runs))


def paired_ratio(one: Callable[[], object], other: Callable[[], object], pairs: int) -> tuple[float, float, float]:
    """Median seconds of both, run in turn, and the median of the ratios pair by pair."""
    both = [(timed(one), timed(other)) for _ in range(pairs)]
    ratio = statistics.median(a / b for a, b in both)
    return statistics.median(a for a, _ in both), statistics.median(b for _, b in both), ratio


def quiet(*command: str) -> Callable[[], object]:
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def shown_by(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pass JSON lines on to standard error as they come, where a person or a log keeps them; the table goes to standard output."""
    kept = []
    for line in lines:
        print(json.dumps(line), file=sys.stderr, flush=True)
        kept.append(line)
    return kept
