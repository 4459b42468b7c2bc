"""Runs every tool on every fault and writes docs/compared.md: `python -m bench.compare`, as root.

Needs Debian's zonemaster-cli, dnsviz, ldnsutils, bind9-dnsutils, unbound, knot and nsd. Works in network and mount
namespaces of its own, in which port 53 is free and /etc/resolv.conf is the private internet's.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from bench.compare.case import Case
from bench.compare.cases import BY_ID, CASES
from bench.compare.page import SaidByCase, complete, render, verdicts_of
from bench.compare.tools import TOOLS, Said
from bench.compare.unbound import resolver
from bench.compare.world import RESOLVER

PROGRAMS = (
    "unshare",
    "ip",
    "mount",
    "zonemaster-cli",
    "dnsviz",
    "drill",
    "delv",
    "unbound",
    "knotd",
    "nsd",
    "ldns-signzone",
)
PAGE = Path(__file__).parents[2] / "docs" / "compared.md"
PORT = 53
_ENTER = 'ip link set lo up && mount --bind "$0" /etc/resolv.conf && exec "$@"'


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.compare", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", metavar="ID", choices=list(BY_ID), help="these and their twins: prints, and writes no page"
    )
    parser.add_argument("--keep", type=Path, metavar="FILE", help="also keep what each tool said, as JSON")
    parser.add_argument(
        "--judge",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="run nothing: judge again what runs kept, of which the later replace the earlier",
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=2,
        help="internets at once, each in a namespace of its own; most of the time is waiting",
    )
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        given.inside.write_text(_json({key: _run(BY_ID[key]) for key in given.only}))
        return 0
    if given.judge:
        kept = {key: one for file in given.judge for key, one in _load(file).items()}
        said = {key: kept[key] for key in BY_ID if key in kept}
    else:
        missing = [program for program in PROGRAMS if shutil.which(program) is None]
        if missing or os.geteuid():
            print(f"expected root and {', '.join(PROGRAMS)}; missing: {', '.join(missing) or 'root'}", file=sys.stderr)
            return 2
        wanted = set(given.only or BY_ID)
        wanted |= {BY_ID[key].twin for key in wanted}
        said = _all([case.id for case in CASES if case.id in wanted], given.jobs)
    if given.keep:
        given.keep.write_text(_json(said))
    if complete(said):
        PAGE.write_text(render(said))
    else:
        _print(said)
    return 0


def _all(ids: list[str], jobs: int) -> SaidByCase:
    """Every case, shared out over some namespaces."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "resolv.conf").write_text(f"nameserver {RESOLVER}\n")
        enter = [
            "unshare",
            "-n",
            "-m",
            "sh",
            "-c",
            _ENTER,
            str(folder / "resolv.conf"),
            sys.executable,
            "-m",
            "bench.compare",
        ]
        shares = [share for number in range(jobs) if (share := ids[number::jobs])]
        running = [
            subprocess.Popen([*enter, "--inside", str(folder / str(n)), "--only", *share])
            for n, share in enumerate(shares)
        ]
        if [process.wait() for process in running] != [0] * len(running):
            raise SystemExit("a namespace ended with an error; see above")
        found = {key: one for n in range(len(shares)) for key, one in _load(folder / str(n)).items()}
    return {key: found[key] for key in ids}


def _run(case: Case) -> dict[str, Said]:
    """Every tool on an internet of its own, so that none sees what another one used up."""
    results = {}
    for tool in TOOLS:
        with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
            folder = Path(name)
            net = stack.enter_context(case.build(folder, PORT))
            net.start()
            if not net.resolvers:
                stack.enter_context(resolver(folder, net.anchors))
            results[tool.name] = tool.run(net, folder, case.expectations)
        print(f"{case.id:5} {tool.name:11} {results[tool.name].seconds:6.1f} s", file=sys.stderr, flush=True)
    return results


def _json(said: SaidByCase) -> str:
    return json.dumps(
        {key: {name: asdict(one) for name, one in tools.items()} for key, tools in said.items()}, indent=1
    )


def _load(file: Path) -> SaidByCase:
    def said(kept: dict[str, object]) -> Said:
        return Said(**{name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()})  # type: ignore[arg-type]

    return {
        key: {name: said(one) for name, one in tools.items()} for key, tools in json.loads(file.read_text()).items()
    }


def _print(said: SaidByCase) -> None:
    for key in said:
        print(f"{key}  {BY_ID[key].fault}")
        for name, verdict in verdicts_of(key, said).items():
            print(f"   {name:11} {verdict.outcome:12} {verdict.seconds:6.1f} s  {' | '.join(verdict.shown)[:300]}")


if __name__ == "__main__":
    sys.exit(main())
