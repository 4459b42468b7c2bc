"""Wall time of `verify --jobs 2` against one process, in turn, over the same small internet with several zones.

The servers (knot, unbound, nginx) work on the same cores and take the same from both, so on a machine with two the ratio is above what
it would be with the servers elsewhere; the row says what share of the machine was theirs. `python -m bench.verify_jobs [LINKS]`.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from bench.internet import plan
from bench.internet.command import REPOSITORY, Run, run
from bench.internet.namespace import CannotMeasureError, alone, lines_from_inside, tell
from bench.internet.world import world
from bench.measure import Row, shown_by

COMMAND = ".venv/bin/python -m bench.verify_jobs"
LINKS = 2_000
ZONES = 16
JOBS = 2
GOAL = 0.6
ROUNDS = 3
BUDGET_SECONDS = 240


def rows(links: int = LINKS) -> list[Row]:
    found = list(shown_by(lines_from_inside("bench.verify_jobs", str(links))))[-1]
    shown = (
        f"{found['seconds']:.1f} s against {found['seconds_of_one']:.1f} s: {found['ratio']:.2f}× "
        f"({found['least']:.2f} to {found['most']:.2f} in {found['rounds']} rounds), {found['ratio_of_cpu']:.2f}× of CPU; "
        f"load {found['load_average']:.0f}"
    )
    what = f"`verify --jobs {JOBS}` of {links:,} links in {ZONES} zones, against one process, servers on the same {os.cpu_count()} cores"
    return [Row(what, shown, f"≤ {GOAL}×", found["ratio"] <= GOAL, COMMAND)]


def inside(size: str) -> None:
    links = int(size)
    shape = plan.Shape(links, zones=ZONES)
    with tempfile.TemporaryDirectory() as work, world(Path(work), shape) as internet:
        command = internet.verify_command(internet.expectations())
        together: list[Run] = []
        one: list[Run] = []
        started = time.monotonic()
        while len(one) < ROUNDS and time.monotonic() - started < BUDGET_SECONDS:
            for jobs in (1, JOBS) if len(one) % 2 == 0 else (JOBS, 1):
                (one if jobs == 1 else together).append(
                    _checked(run([*command, "--jobs", str(jobs)], more_path=str(REPOSITORY / "infra")), links)
                )
            tell(round=len(one), seconds=round(together[-1].seconds, 2), seconds_of_one=round(one[-1].seconds, 2))
    ratios = [both.seconds / single.seconds for both, single in zip(together, one, strict=True)]
    cpu = [both.cpu_seconds / single.cpu_seconds for both, single in zip(together, one, strict=True)]
    tell(
        links=links,
        rounds=len(ratios),
        seconds=round(statistics.median(done.seconds for done in together), 2),
        seconds_of_one=round(statistics.median(done.seconds for done in one), 2),
        ratio=round(statistics.median(ratios), 3),
        least=round(min(ratios), 3),
        most=round(max(ratios), 3),
        ratio_of_cpu=round(statistics.median(cpu), 3),
        load_average=os.getloadavg()[0],
    )


def _checked(done: Run, links: int) -> Run:
    coverage = done.document()["coverage"]
    if coverage["could_not_check"] or coverage["cells"] < 8 * links:
        raise CannotMeasureError(f"not everything was checked: {coverage}")
    return done


if __name__ == "__main__":
    alone(rows, inside)
