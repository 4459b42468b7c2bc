"""CPU per link of `linkproof verify`, against an earlier commit: in turn, over the same small internet, in one run.

The earlier side is the tree of its commit in a folder of its own, with the same packages and the same event loop.
`python -m bench.verify_cpu [LINKS]`.
"""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import tarfile
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bench.internet import plan
from bench.internet.command import REPOSITORY, Run, run
from bench.internet.namespace import CannotMeasureError, alone, lines_from_inside, need, tell
from bench.internet.world import World, world
from bench.measure import Row, shown_by

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = ".venv/bin/python -m bench.verify_cpu"
EARLIER = "996efde"
LINKS = 3000
GOAL = 0.6
NOW = str(REPOSITORY / "infra")
PAIRS = 3
BUDGET_SECONDS = 300


def rows(links: int = LINKS) -> list[Row]:
    need("git")
    found = list(shown_by(lines_from_inside("bench.verify_cpu", str(links))))[-1]
    shown = (
        f"{found['milliseconds']:.2f} ms against {found['milliseconds_of_earlier']:.2f} ms: {found['ratio']:.2f}× "
        f"({found['least']:.2f} to {found['most']:.2f} in {found['pairs']} pairs)"
    )
    what = f"CPU per link of `verify`, {links:,} links, against {EARLIER}"
    return [Row(what, shown, f"≤ {GOAL}×", found["ratio"] <= GOAL, COMMAND)]


def inside(size: str) -> None:
    links = int(size)
    with tempfile.TemporaryDirectory() as work, world(Path(work), plan.Shape(links)) as internet, _tree() as earlier:
        ratios, now, then = [], [], []
        started = time.monotonic()
        while len(ratios) < PAIRS and (not ratios or time.monotonic() - started < BUDGET_SECONDS):
            sides = [NOW, earlier] if len(ratios) % 2 == 0 else [earlier, NOW]
            per_link = {side: _milliseconds(internet, links, side) for side in sides}
            now.append(per_link[NOW])
            then.append(per_link[earlier])
            ratios.append(now[-1] / then[-1])
            tell(pair=len(ratios), milliseconds=round(now[-1], 3), milliseconds_of_earlier=round(then[-1], 3))
    tell(
        links=links,
        pairs=len(ratios),
        milliseconds=round(statistics.median(now), 3),
        milliseconds_of_earlier=round(statistics.median(then), 3),
        ratio=round(statistics.median(ratios), 3),
        least=round(min(ratios), 3),
        most=round(max(ratios), 3),
        load_average=os.getloadavg()[0],
    )


def _milliseconds(internet: World, links: int, path: str) -> float:
    """CPU of one link: what one alone takes is the start of Python and the way from the root."""
    one = _checked(internet, replace(internet.shape, links=1), path)
    many = _checked(internet, internet.shape, path)
    return (many.cpu_seconds - one.cpu_seconds) / (links - 1) * 1000


def _checked(internet: World, shape: plan.Shape, path: str) -> Run:
    done = run(internet.verify_command(internet.expectations(shape)), more_path=path)
    coverage = done.document()["coverage"]
    if coverage["could_not_check"] or coverage["cells"] < 8 * shape.links:
        raise CannotMeasureError(f"not everything was checked: {coverage}")
    return done


@contextmanager
def _tree() -> Iterator[str]:
    """The packages of the earlier commit, in a folder that goes before the installed ones."""
    packed = subprocess.run(
        ["git", "-C", str(REPOSITORY), "archive", EARLIER, "infra"], stdout=subprocess.PIPE, check=True
    )
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
        # then the package was the folder itself
        (Path(folder) / "infra").rename(Path(folder) / "linkproof")
        yield folder


if __name__ == "__main__":
    alone(rows, inside)
