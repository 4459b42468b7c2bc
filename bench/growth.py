"""Time per link at 10,000 links against 1,000, in turn, over the same small internet and without delay."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench.internet import plan
from bench.internet.command import Run, run
from bench.internet.namespace import CannotMeasureError, alone, lines_from_inside, tell
from bench.internet.world import world
from bench.measure import Row, shown_by

COMMAND = ".venv/bin/python -m bench.growth"
MANY = 10_000
TIMES = 10
GOAL = 1.15
ROUNDS = 3
# No further round begins after this: all measurements together are to fit into a quarter of an hour.
BUDGET_SECONDS = 240


def rows(many: int = MANY) -> list[Row]:
    found = list(shown_by(lines_from_inside("bench.growth", str(many))))[-1]
    shown = f"{found['milliseconds_per_link']:.2f} ms against {found['milliseconds_per_link_of_few']:.2f} ms: {found['ratio']:.2f}× ({found['ratio_of_cpu']:.2f}× of CPU)"
    # on a machine with other work the clock flatters by chance, so the CPU must agree
    worse = max(found["ratio"], found["ratio_of_cpu"])
    what = f"time per link, {many:,} links against {many // TIMES:,}"
    return [Row(what, shown, f"≤ {GOAL}×", worse <= GOAL, COMMAND)]


def inside(size: str) -> None:
    many = int(size)
    shape, few = plan.Shape(many), many // TIMES
    with tempfile.TemporaryDirectory() as work, world(Path(work), shape) as internet:
        large = internet.verify_command(internet.expectations())
        small = internet.verify_command(internet.expectations(replace(shape, links=few)))
        one = internet.verify_command(internet.expectations(replace(shape, links=1)))
        wall, cpu, of_many, of_few = [], [], [], []
        started = time.monotonic()
        while len(wall) < ROUNDS and time.monotonic() - started < BUDGET_SECONDS:
            # what one link takes is the start of Python and the way from the root, which do not grow
            fixed, short, long = (_checked(run(command)) for command in (one, small, large))
            of_many.append((long.seconds - fixed.seconds) / (many - 1) * 1000)
            of_few.append((short.seconds - fixed.seconds) / (few - 1) * 1000)
            if min(of_many[-1], of_few[-1]) <= 0:
                raise CannotMeasureError(
                    f"{few} links took {short.seconds:.1f} s and one link {fixed.seconds:.1f} s: the machine is too busy, or the links too few"
                )
            wall.append(of_many[-1] / of_few[-1])
            cpu_of_many = (long.cpu_seconds - fixed.cpu_seconds) / (many - 1)
            cpu.append(cpu_of_many / ((short.cpu_seconds - fixed.cpu_seconds) / (few - 1)))
            tell(round=len(wall), ratio=round(wall[-1], 3), ratio_of_cpu=round(cpu[-1], 3), peak_mb=round(long.peak_mb))
    tell(
        links=many,
        rounds=len(wall),
        milliseconds_per_link=round(statistics.median(of_many), 3),
        milliseconds_per_link_of_few=round(statistics.median(of_few), 3),
        ratio=round(statistics.median(wall), 3),
        ratio_of_cpu=round(statistics.median(cpu), 3),
        load_average=os.getloadavg()[0],
    )


def _checked(done: Run) -> Run:
    done.document()
    return done


if __name__ == "__main__":
    alone(rows, inside)
