"""Queries per second: dnspython's Resolver, aiodns and the verifier's own transport, in turn against one knot.

Twice: with the transport as Python, and compiled (`python -m linkproof.compiled`).
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkproof import compiled
from linkproof.verify import event_loop

from bench import contestants
from bench.internet import plan
from bench.internet.namespace import alone, bring_up_loopback, lines_from_inside, tell
from bench.internet.servers import knot
from bench.measure import Row, shown_by
from bench.packages import folder, make_importable

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    Wanted = Sequence[contestants.Wanted]

COMMAND = ".venv/bin/python -m bench.dns_rate"
ROUNDS = 7
NAMES = 20_000
# Each way asks as many as it manages in about this time, found out in a first, shorter go.
SECONDS_EACH = 0.8
TRIAL_NAMES = 400
OURS = ("linkproof", "linkproof, uvloop")
GOALS = {"dnspython": 12.0, "aiodns": 3.0}
COMPILED_GOAL, SHARE_GOAL = 20.0, 0.6


def rows() -> list[Row]:
    folder()  # outside: inside there is no way to the package registry
    found = _rows(GOALS, "")
    try:
        compiled.build()
    except compiled.CannotCompileError as error:
        return [*found, Row("DNS queries per second, compiled", f"not measured: {error.problem}", "–", None, COMMAND)]
    return [*found, *_rows({"dnspython": COMPILED_GOAL}, ", compiled")]


def _rows(goals: dict[str, float], way: str) -> list[Row]:
    os.environ[compiled.VARIABLE] = "" if way else compiled.OFF
    lines = shown_by(lines_from_inside("bench.dns_rate"))
    rates = {line["way"]: line for line in lines if "way" in line}
    ours = max((rates[name] for name in OURS if name in rates), key=lambda line: line["queries_per_second"])
    rate, what = ours["queries_per_second"], f"DNS queries per second with all checks{way}"
    found = []
    for line in lines:
        if (goal := goals.get(line.get("against", ""))) is not None:
            ratio = max(line["ratio"], line.get("ratio_uvloop", 0.0))
            other = rates[line["against"]]["queries_per_second"]
            shown = f"{rate:,}/s ({ours['slowest']:,} to {ours['fastest']:,}) against {other:,}/s: {ratio:.1f}×"
            found.append(Row(f"{what}, against {line['against']}", shown, f"≥ {goal:.0f}×", ratio >= goal, COMMAND))
    found.extend(
        Row(f"{what}, against {other}", "not measured: not installed", f"≥ {goals[other]:.0f}×", None, COMMAND)
        for other in goals.keys() - rates.keys()
    )
    share, raw = ours["share_of_dnsperf"], rates["dnsperf"]["queries_per_second"]
    if way:
        shown = f"{rate:,}/s against {raw:,}/s: {share:.2f}×"
        found.append(
            Row(
                f"{what}, against dnsperf, which checks nothing",
                shown,
                f"≥ {SHARE_GOAL}×",
                share >= SHARE_GOAL,
                COMMAND,
            )
        )
    return found


def inside() -> None:
    bring_up_loopback()
    shape = plan.Shape(links=NAMES, servers=1)
    address = shape.customer_servers()[0]
    wanted = [(f"{plan.click_host(number)}.", f"{plan.target(number)}.") for number in range(NAMES)]
    with tempfile.TemporaryDirectory() as work, ExitStack() as programs:
        name = f"{plan.CUSTOMER}."
        server = programs.enter_context(knot(Path(work) / "zones", [address], {name: plan.zones(shape)[name]}))
        server.wait_for_zone(address, name)
        _measure(address, wanted, Path(work))


def _measure(address: str, wanted: list[contestants.Wanted], work: Path) -> None:
    ways = _ways(address)
    counts: dict[str, int] = {}
    for way, run in ways.items():
        counts[way] = TRIAL_NAMES
        for _ in range(3):  # the first goes also pay for imports and for what is made once
            started = time.perf_counter()
            run(wanted[: counts[way]])
            fitting = counts[way] * SECONDS_EACH / (time.perf_counter() - started)
            counts[way] = min(max(int(fitting), TRIAL_NAMES), len(wanted))
    cpu: dict[str, list[float]] = defaultdict(list)
    rates: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        rates["dnsperf"].append(contestants.dnsperf(address, [name for name, _ in wanted], work))
        for way, run in ways.items():
            started, used = time.perf_counter(), time.process_time()
            run(wanted[: counts[way]])
            rates[way].append(counts[way] / (time.perf_counter() - started))
            cpu[way].append((time.process_time() - used) / counts[way])
    raw = statistics.median(rates["dnsperf"])
    tell(way="dnsperf", queries_per_second=round(raw), rounds=ROUNDS)
    for way in ways:
        rate = statistics.median(rates[way])
        tell(
            way=way,
            queries_per_second=round(rate),
            slowest=round(min(rates[way])),
            fastest=round(max(rates[way])),
            cpu_microseconds_per_query=round(statistics.median(cpu[way]) * 1e6, 1),
            share_of_dnsperf=round(rate / raw, 3),
            rounds=ROUNDS,
            queries=counts[way],
        )
    for other in GOALS:
        if other in ways:
            by_cpu = {f"cpu_{key}": 1 / value for key, value in _ratios(cpu, other).items()}
            tell(against=other, **{key: round(value, 2) for key, value in (_ratios(rates, other) | by_cpu).items()})


def _ratios(values: dict[str, list[float]], other: str) -> dict[str, float]:
    """Medians of the ratios round by round, so that what slows a whole round down slows both."""
    found = {}
    for way, key in zip(OURS, ("ratio", "ratio_uvloop"), strict=True):
        if way in values:
            pairs = zip(values[way], values[other], strict=True)
            found[key] = statistics.median(ours / theirs for ours, theirs in pairs)
    return found


def _ways(address: str) -> dict[str, Callable[[Wanted], object]]:
    ways: dict[str, Callable[[Wanted], object]] = {
        "dnspython": partial(contestants.dnspython, address),
        "linkproof": lambda wanted: _run("asyncio", contestants.linkproof(address, wanted)),
    }
    if make_importable():
        ways["aiodns"] = lambda wanted: asyncio.run(contestants.aiodns(address, wanted))
        ways["linkproof, uvloop"] = lambda wanted: _run("uvloop", contestants.linkproof(address, wanted))
    return ways


def _run(which: str, work: Coroutine[Any, Any, None]) -> None:
    """As `verify` runs it."""
    os.environ[event_loop.VARIABLE] = which
    event_loop.run(work)


if __name__ == "__main__":
    alone(rows, inside)
