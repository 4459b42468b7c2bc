"""CPU per link of `linkproof verify`, against two earlier commits: in turn, over the same small internet, in one run.

Now means twice: as Python, and with the hot path of DNS compiled (`linkproof.compiled`). Beside them stands what one bare handshake of Python's `ssl`
takes. An earlier side is the package of its commit in a folder of its own, with the same packages and the same event loop. 996efde asks less (no
handshake for a second kind of certificate, no resolver in the form of programs, 18 questions a link in place of 21); cf5a63c asks the same
as now. `python -m bench.verify_cpu [LINKS]`.
"""

from __future__ import annotations

import contextlib
import io
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from linkproof import compiled

from bench.internet import plan
from bench.internet.command import REPOSITORY, Run, run
from bench.internet.namespace import CannotMeasureError, alone, lines_from_inside, need, tell
from bench.internet.world import World, world
from bench.measure import Row, shown_by

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = ".venv/bin/python -m bench.verify_cpu"
# Above 1,500 no server is asked for a record a second time, as in any larger run.
LINKS = 1600
ROUNDS = 3
# Commit → the name of its package, and the goal.
EARLIER: dict[str, tuple[str, float | None]] = {"996efde": ("infra", 0.6), "cf5a63c": ("linkproof", None)}
BUDGET_SECONDS = 300
_MAIN, _CELLS_OF_A_LINK, _ATTEMPTS = "linkproof.commands.main", 8, 4


@dataclass(frozen=True, slots=True)
class Side:
    """One version of the program.

    Args:
        path: the folder that its package is in.
        package: what it is called there.
        is_compiled: whether it may use what was compiled.
    """

    path: str
    package: str
    is_compiled: bool = False


_HERE = str(REPOSITORY / "infra")
NOW = {"now": Side(_HERE, "linkproof"), "now, compiled": Side(_HERE, "linkproof", is_compiled=True)}


def rows(links: int = LINKS) -> list[Row]:
    need("git")
    with contextlib.suppress(compiled.CannotCompileError):
        compiled.build()
    lines = shown_by(lines_from_inside("bench.verify_cpu", str(links)))
    found = [line for line in lines if "against" in line]
    made = []
    for line in found:
        goal = EARLIER[line["against"]][1]
        shown = (
            f"{line['milliseconds']:.2f} ms against {line['milliseconds_of_earlier']:.2f} ms: {line['ratio']:.2f}× "
            f"({line['least']:.2f} to {line['most']:.2f} in {line['rounds']} rounds); "
            f"a bare handshake {line['milliseconds_of_a_handshake']:.2f} ms"
        )
        what = f"CPU per link of `verify`{line['side'].removeprefix('now')}, {links:,} links, against {line['against']}"
        met = None if goal is None else line["ratio"] <= goal
        made.append(Row(what, shown, f"≤ {goal}×" if goal else "–", met, COMMAND))
    return made


def inside(size: str) -> None:
    links = int(size)
    with tempfile.TemporaryDirectory() as work, ExitStack() as stack:
        internet = stack.enter_context(world(Path(work), plan.Shape(links)))
        sides = {name: side for name, side in NOW.items() if not side.is_compiled or compiled.folder().is_dir()}
        now = list(sides)
        for commit, (package, _) in EARLIER.items():
            sides[commit] = Side(stack.enter_context(_tree(commit)), package)
        taken: dict[str, list[float]] = {name: [] for name in sides}
        handshakes: list[float] = []
        started = time.monotonic()
        while len(handshakes) < ROUNDS and time.monotonic() - started < BUDGET_SECONDS:
            for name in list(sides)[:: 1 if len(handshakes) % 2 == 0 else -1]:
                taken[name].append(_milliseconds(internet, links, sides[name]))
            handshakes.append(_bare_handshake(internet))
            tell(round=len(handshakes), **{f"ms {name}": round(values[-1], 3) for name, values in taken.items()})
    for side in now:
        for commit in EARLIER:
            ratios = [ours / theirs for ours, theirs in zip(taken[side], taken[commit], strict=True)]
            tell(
                side=side,
                against=commit,
                links=links,
                rounds=len(ratios),
                milliseconds=round(statistics.median(taken[side]), 3),
                milliseconds_of_earlier=round(statistics.median(taken[commit]), 3),
                milliseconds_of_a_handshake=round(statistics.median(handshakes), 3),
                ratio=round(statistics.median(ratios), 3),
                least=round(min(ratios), 3),
                most=round(max(ratios), 3),
                load_average=os.getloadavg()[0],
            )


def _bare_handshake(internet: World) -> float:
    """CPU of one at this end, in milliseconds."""
    edge, ca = internet.shape.edge_addresses()[0], internet.folder / "edge" / "ca.pem"
    done = run([sys.executable, "-m", "bench.handshake", edge, plan.click_host(0), str(ca)])
    return float(done.output.split()[1]) * 1000


def _milliseconds(internet: World, links: int, side: Side) -> float:
    """CPU of one link: what one alone takes is the start of Python and the way from the root."""
    one = _checked(internet, replace(internet.shape, links=1), side)
    many = _checked(internet, internet.shape, side)
    return (many.cpu_seconds - one.cpu_seconds) / (links - 1) * 1000


def _checked(internet: World, shape: plan.Shape, side: Side) -> Run:
    os.environ[compiled.VARIABLE] = "" if side.is_compiled else compiled.OFF
    command = internet.verify_command(internet.expectations(shape))
    command = [side.package + word.removeprefix("linkproof") if word == _MAIN else word for word in command]
    for attempt in range(_ATTEMPTS):
        done = run(command, more_path=side.path)
        try:
            coverage = done.document()["coverage"]
        except CannotMeasureError:
            # beside other work something may take longer than it has, and then another path is measured
            if attempt + 1 == _ATTEMPTS:
                raise
        else:
            break
    if coverage["could_not_check"] or coverage["cells"] < _CELLS_OF_A_LINK * shape.links:
        raise CannotMeasureError(f"not everything was checked: {coverage}")
    return done


@contextmanager
def _tree(commit: str) -> Iterator[str]:
    """A folder with the package of a commit, to go before the installed one."""
    command = ["git", "-C", str(REPOSITORY), "archive", commit, "infra"]
    packed = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
        # the package is the folder `infra` itself, or inside it
        yield str(Path(folder) / ("" if EARLIER[commit][0] == "infra" else "infra"))


if __name__ == "__main__":
    alone(rows, inside)
