"""Peak memory of `linkproof verify` at 30,000 cells, beside the same command with one record."""

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
CELLS = 30_000
# With four servers and one resolver a record has six cells or so, and a link with its edge ten.
CELLS_PER_RECORD, CELLS_PER_LINK = 6, 10
GOAL_MB = 200


def rows(cells: int = CELLS) -> list[Row]:
    lines = shown_by(lines_from_inside("bench.memory", str(cells)))
    found = {line["what"]: line for line in lines}
    one, links, records = (found[what]["peak_mb"] for what in ("one record", "links", "records"))
    shown = f"{links:.0f} MB for links, {records:.0f} MB for records alone ({one:.0f} MB with one record)"
    what = f"peak memory of `verify` at {cells:,} cells"
    return [Row(what, shown, f"≤ {GOAL_MB} MB", max(links, records) <= GOAL_MB, COMMAND)]


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
