"""Time per link at 10,000 links against 1,000, in turn, over the same small internet and without delay."""

from __future__ import annotations

import os
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path

from bench.internet import plan
from bench.internet.command import Run, run
from bench.internet.namespace import alone, lines_from_inside, tell
from bench.internet.world import world
from bench.measure import Row, shown_by

COMMAND = ".venv/bin/python -m bench.growth"
MANY = 10_000
TIMES = 10
GOAL = 1.15
ROUNDS = 3
# The small run is short, so each round takes the median of some.
SMALL_RUNS = 3


def rows(many: int = MANY) -> list[Row]:
    found = list(shown_by(lines_from_inside("bench.growth", str(many))))[-1]
    shown = f"{found['milliseconds_per_link']:.2f} ms against {found['milliseconds_per_link_of_few']:.2f} ms: {found['ratio']:.2f}×"
    what = f"time per link, {many:,} links against {many // TIMES:,}"
    return [Row(what, shown, f"≤ {GOAL}×", found["ratio"] <= GOAL, COMMAND)]


def inside(size: str) -> None:
    many = int(size)
    shape, few = plan.Shape(many), many // TIMES
    with tempfile.TemporaryDirectory() as work, world(Path(work), shape) as internet:
        large = internet.verify_command(internet.expectations())
        small = internet.verify_command(internet.expectations(replace(shape, links=few)))
        one = internet.verify_command(internet.expectations(replace(shape, links=1)))
        wall, cpu, of_many, of_few = [], [], [], []
        for _ in range(ROUNDS):
            # what one link takes is the start of Python and the way from the root, which do not grow
            fixed = _median([_checked(run(one)) for _ in range(SMALL_RUNS)])
            short = _median([_checked(run(small)) for _ in range(SMALL_RUNS)])
            long = _checked(run(large))
            of_many.append((long.seconds - fixed[0]) / (many - 1) * 1000)
            of_few.append((short[0] - fixed[0]) / (few - 1) * 1000)
            wall.append(of_many[-1] / of_few[-1])
            cpu.append((long.cpu_seconds - fixed[1]) / (many - 1) / ((short[1] - fixed[1]) / (few - 1)))
            tell(round=len(wall), ratio=round(wall[-1], 3), ratio_of_cpu=round(cpu[-1], 3), peak_mb=round(long.peak_mb))
    tell(
        links=many,
        milliseconds_per_link=round(statistics.median(of_many), 3),
        milliseconds_per_link_of_few=round(statistics.median(of_few), 3),
        ratio=round(statistics.median(wall), 3),
        ratio_of_cpu=round(statistics.median(cpu), 3),
        load_average=os.getloadavg()[0],
    )


def _median(runs: list[Run]) -> tuple[float, float]:
    """Seconds, and seconds of CPU."""
    return statistics.median(item.seconds for item in runs), statistics.median(item.cpu_seconds for item in runs)


def _checked(done: Run) -> Run:
    done.document()
    return done


if __name__ == "__main__":
    alone(rows, inside)
