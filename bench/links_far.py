"""1,000 links end to end with 50 ms of round trip, against the bound that network and handshakes set."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import dns.message
import dns.query

from bench.contestants import dnsperf
from bench.internet import plan
from bench.internet.command import run
from bench.internet.far import SHAPE_PREFIX, Far, far
from bench.internet.namespace import alone, lines_from_inside, tell
from bench.internet.world import World, describe
from bench.measure import Row, shown_by

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMAND = ".venv/bin/python -m bench.links_far"
LINKS = 1000
ROUND_TRIP_MILLISECONDS = 50.0
WINDOW = 100
GOAL = 1.5
ROUNDS = 3
_PINGS = 100
# Enough under way that not the delay but the forwarder is what ends the growth.
_FLOOD_UNDER_WAY = 4000


def rows(links: int = LINKS) -> list[Row]:
    lines = shown_by(lines_from_inside("bench.links_far", str(links)))
    found = next(line for line in lines if "ratio" in line)
    shown = (
        f"{found['seconds']:.1f} s, the bound without the factor {found['bound_seconds']:.1f} s: {found['ratio']:.2f}×"
    )
    what = f"{links:,} links end to end with {ROUND_TRIP_MILLISECONDS:.0f} ms of round trip"
    return [Row(what, shown, f"≤ {GOAL} × bound", found["ratio"] <= GOAL, COMMAND)]


def inside(size: str) -> None:
    links = int(size)
    shape = plan.Shape(links, prefix=SHAPE_PREFIX)
    with tempfile.TemporaryDirectory() as work:
        world = describe(Path(work), shape)
        with far(Path(work), links, ROUND_TRIP_MILLISECONDS / 2) as path:
            _path(path, world)
            _links(path, world)


def _path(path: Far, world: World) -> None:
    """The distance itself: round trips of single questions, and how much the path can carry."""
    address = world.shape.customer_servers()[0]
    query = dns.message.make_query(f"{plan.CUSTOMER}.", "SOA")
    taken = []
    for _ in range(_PINGS):
        started = time.perf_counter()
        dns.query.udp(query, address, timeout=5)
        taken.append((time.perf_counter() - started) * 1000)
    before, started = path.counts(), time.perf_counter()
    names = [plan.click_host(number) for number in range(world.shape.links)]
    rate = dnsperf(address, names, world.folder, seconds=3, under_way=_FLOOD_UNDER_WAY)
    after, seconds = path.counts(), time.perf_counter() - started
    quantiles = statistics.quantiles(taken, n=20)
    tell(
        delayed_by=path.delayed_by,
        round_trip_milliseconds=round(statistics.median(taken), 2),
        round_trip_5_percent=round(quantiles[0], 2),
        round_trip_95_percent=round(quantiles[-1], 2),
        round_trip_longest=round(max(taken), 2),
        flood_queries_per_second=round(rate),
        carried_packets_per_second=round((after["carried"] - before["carried"]) / seconds),
        forwarder_ceiling_packets_per_second=round(
            (after["carried"] - before["carried"]) / max(after["cpu_seconds"] - before["cpu_seconds"], 1e-9)
        ),
        dropped=after["dropped"],
    )


def _links(path: Far, world: World) -> None:
    everything, one = world.expectations(), world.expectations(replace(world.shape, links=1))
    host, edge = plan.click_host(0), world.shape.edge_addresses()[0]
    measure = [sys.executable, "-m", "bench.handshake", edge, host, str(world.folder / "edge" / "ca.pem")]
    seconds, handshake_costs, chains, in_all = [], [], [], Counter[str]()
    handshakes = 0
    for _ in range(ROUNDS):
        handshake_costs.append(float(path.run_there(measure).output.split()[0]))
        distant, near = _total(world.verify_command(one)), _total(world.verify_command(one), path)
        # what the same link takes longer from afar is the round trips that wait for one another
        chains.append((distant - near) * 1000 / ROUND_TRIP_MILLISECONDS)
        before = path.counts()
        seconds.append(_total(world.verify_command(everything)))
        after = path.counts()
        in_all = Counter(after["questions"]) - Counter(before["questions"])
        handshakes = after["connections"]["443"] - before["connections"].get("443", 0)
    chain, cost = statistics.median(chains), statistics.median(handshake_costs)
    most = max(in_all.values())
    trip = ROUND_TRIP_MILLISECONDS / 1000
    parts = {
        "chain_seconds": chain * trip,
        "window_seconds": most * trip / WINDOW,
        "handshake_seconds": handshakes * cost,
    }
    bound, taken = max(parts.values()), statistics.median(seconds)
    tell(
        links=world.shape.links,
        seconds=round(taken, 2),
        all_seconds=[round(item, 2) for item in seconds],
        bound_seconds=round(bound, 2),
        ratio=round(taken / bound, 2),
        longest_chain_round_trips=round(chain, 1),
        queries=sum(in_all.values()),
        most_queries_of_one_address=most,
        handshakes=handshakes,
        seconds_of_one_handshake=round(cost, 5),
        load_average=os.getloadavg()[0],
        **{name: round(value, 2) for name, value in parts.items()},
    )


def _total(command: Sequence[str], there: Far | None = None) -> float:
    """Seconds of `verify` from its own timing, without the start of Python."""
    done = there.run_there(command) if there else run(command)
    return float(done.document()["timing"]["total_seconds"])


if __name__ == "__main__":
    alone(rows, inside)
