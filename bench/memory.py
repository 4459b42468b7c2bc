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
SERVERS, RESOLVERS = 4, 2
GOAL_MB = 200


def rows(cells: int = CELLS) -> list[Row]:
    lines = shown_by(lines_from_inside("bench.memory", str(cells)))
    few, many = (next(line for line in lines if line["what"] == what) for what in ("one record", "all records"))
    shown = f"{many['peak_mb']:.0f} MB ({few['peak_mb']:.0f} MB with one record)"
    what = f"peak memory of `verify` at {many['cells']:,} cells"
    return [Row(what, shown, f"≤ {GOAL_MB} MB", many["peak_mb"] <= GOAL_MB, COMMAND)]


def inside(size: str) -> None:
    cells = int(size)
    shape = plan.Shape(links=cells // (SERVERS + RESOLVERS), servers=SERVERS, resolvers=RESOLVERS, edges=1)
    with tempfile.TemporaryDirectory() as work, world(Path(work), shape) as internet:
        for what, links in (("one record", 0), ("all records", shape.links)):
            file = internet.expectations(replace(shape, links=links), with_endpoints=False)
            done = run(internet.verify_command(file))
            coverage = done.document()["coverage"]
            tell(what=what, cells=coverage["cells"], peak_mb=round(done.peak_mb, 1), seconds=round(done.seconds, 2))


if __name__ == "__main__":
    alone(rows, inside)
