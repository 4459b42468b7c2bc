"""Peak memory of `linkproof verify` at 30,000 and 100,000 cells, beside the same command with one record.

`python -m bench.memory [CELLS]`; the peak is the largest resident set of the one process, as the kernel counts it.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from bench.internet import plan
from bench.internet.command import run
from bench.internet.namespace import alone, lines_from_inside, tell
from bench.internet.world import world
from bench.measure import Row, shown_by

COMMAND = ".venv/bin/python -m bench.memory"
# By the number of cells.
GOALS_MB = {30_000: 200, 100_000: 350}
# With four servers and one resolver a record has six cells or so, and a link with its edge ten.
CELLS_PER_RECORD, CELLS_PER_LINK = 6, 10


def rows(*sizes: int) -> list[Row]:
    return [_row(cells) for cells in sizes or GOALS_MB]


def _row(cells: int) -> Row:
    lines = shown_by(lines_from_inside("bench.memory", str(cells)))
    found = {line["what"]: line for line in lines}
    one, links, records = (found[what]["peak_mb"] for what in ("one record", "links", "records"))
    goal_mb = GOALS_MB.get(cells)
    shown = f"{links:.0f} MB for links, {records:.0f} MB for records alone ({one:.0f} MB with one record)"
    what = f"peak memory of `verify` at {cells:,} cells"
    command = f"{COMMAND} {cells}"
    if goal_mb is None:
        return Row(what, shown, "–", None, command)
    return Row(what, shown, f"≤ {goal_mb} MB", max(links, records) <= goal_mb, command)


def inside(size: str) -> None:
    cells = int(size)
    shape = plan.Shape(links=cells // CELLS_PER_RECORD)
    with tempfile.TemporaryDirectory() as work, world(Path(work), shape) as internet:
        for what, links, with_endpoints in (
            ("one record", 0, False),
            ("records", shape.links, False),
            ("links", cells // CELLS_PER_LINK, True),
        ):
            file = internet.expectations(replace(shape, links=links), with_endpoints=with_endpoints)
            done = run(internet.verify_command(file))
            coverage = done.document()["coverage"]
            tell(what=what, cells=coverage["cells"], peak_mb=round(done.peak_mb, 1), seconds=round(done.seconds, 2))


if __name__ == "__main__":
    alone(rows, inside)
