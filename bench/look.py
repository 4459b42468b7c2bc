"""`look` at 200 hosts against `verify` of the same hosts, in turn, over the same small internet and without delay."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.internet import plan
from bench.internet.command import run
from bench.internet.namespace import CannotMeasureError, alone, lines_from_inside, linkproof, tell
from bench.internet.world import World, world
from bench.measure import Row, shown_by

if TYPE_CHECKING:
    from bench.internet.command import Run

COMMAND = ".venv/bin/python -m bench.look"
HOSTS = 200
GOAL = 1.2
ROUNDS = 5


def rows(hosts: int = HOSTS) -> list[Row]:
    found = list(shown_by(lines_from_inside("bench.look", str(hosts))))[-1]
    shown = (
        f"{found['seconds']:.1f} s against {found['seconds_of_verify']:.1f} s: {found['ratio']:.2f}×"
        f" ({found['ratio_of_cpu']:.2f}× of CPU)"
    )
    worse = max(found["ratio"], found["ratio_of_cpu"])
    return [Row(f"`look` at {hosts} hosts, against `verify` of them", shown, f"≤ {GOAL}×", worse <= GOAL, COMMAND)]


def inside(size: str) -> None:
    hosts = int(size)
    with tempfile.TemporaryDirectory() as work, world(Path(work), plan.Shape(hosts)) as internet:
        verify = internet.verify_command(internet.expectations(), with_resolvers=False)
        look = _look_command(internet, hosts)
        wall, cpu, seconds = [], [], []
        for _ in range(ROUNDS):
            one, other = _looked(run(look), hosts), run(verify)
            other.document()
            wall.append(one.seconds / other.seconds)
            cpu.append(one.cpu_seconds / other.cpu_seconds)
            seconds.append((one.seconds, other.seconds))
        tell(
            hosts=hosts,
            seconds=round(statistics.median(one for one, _ in seconds), 2),
            seconds_of_verify=round(statistics.median(other for _, other in seconds), 2),
            ratio=round(statistics.median(wall), 3),
            ratio_of_cpu=round(statistics.median(cpu), 3),
            load_average=os.getloadavg()[0],
        )


def _look_command(internet: World, hosts: int) -> list[str]:
    command = [*linkproof(), "look", *(plan.click_host(number) for number in range(hosts)), "--json"]
    return [*command, "--hints", str(internet.hints), "--ca", str(internet.folder / "edge" / "ca.pem")]


def _looked(done: Run, hosts: int) -> Run:
    """What was measured must be what was meant: every host a live link of SendGrid behind CloudFront."""
    found = json.loads(done.output)["hosts"] if done.output.startswith("{") else []
    right = [
        one for one in found if (one["sender"], one["edge"], one["verdict"]) == ("sendgrid", "cloudfront", "healthy")
    ]
    if len(right) != hosts:
        raise CannotMeasureError(f"{len(right)} of {hosts} hosts were recognised: {done.output[:500]}")
    return done


if __name__ == "__main__":
    alone(rows, inside)
