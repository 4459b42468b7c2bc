"""What 10⁴, 10⁵ and 10⁶ links need: a simulation of one hour, by the measured constants of `bench/constants.json`.

`python -m bench.scale` prints the tables of docs/scale.md, `--write` puts them there; `python -m bench.scale --measure [LINKS]` measures the constants again (a network
namespace with knot, unbound and nginx) and writes them.
"""

from __future__ import annotations

import heapq
import json
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bench.internet import plan
from bench.internet.command import REPOSITORY, run
from bench.internet.namespace import INSIDE, CannotMeasureError, lines_from_inside, tell
from bench.internet.world import world
from bench.measure import Row

COMMAND = ".venv/bin/python -m bench.scale"
PAGE = REPOSITORY / "docs" / "scale.md"
BEGIN, END = f"<!-- {COMMAND} --write -->", "<!-- to here -->"
# Both sizes, a quarter of it and itself, above 1,500: from there on no server is asked for a record a second time.
LINKS = 8000
CONSTANTS = Path(__file__).with_name("constants.json")
# Of the verifier: how many questions are on their way to one address at once (verify/observe/dns/congestion_window.py).
WINDOW = 100
ROUND_TRIP_SECONDS = 0.05
HOUR = 3600
# Links of a zone: most have one, few have hundreds (Pareto, with this exponent), none more than this.
ZONE_EXPONENT, MOST_PER_ZONE = 1.25, 500


@dataclass(frozen=True, slots=True)
class Constants:
    """What was measured, of one link."""

    cpu_milliseconds_per_link: float
    start_cpu_seconds: float
    queries_per_link_and_server: float
    queries_per_link_and_resolver: float
    queries_per_link_elsewhere: float

    @classmethod
    def load(cls) -> Constants:
        tree = json.loads(CONSTANTS.read_text())
        return cls(**{name: tree[name] for name in cls.__dataclass_fields__})

    def queries(self, servers: int, resolvers: int) -> float:
        """Of one link, from one vantage."""
        return (
            self.queries_per_link_and_server * servers
            + self.queries_per_link_and_resolver * resolvers
            + self.queries_per_link_elsewhere
        )


@dataclass(frozen=True, slots=True)
class Case:
    """One hour's work.

    Args:
        workers: cores at each vantage, each with one shard at a time.
        addresses: of one DNS host, over which its customers' zones are spread; each zone has four of them.
    """

    links: int
    vantages: int = 3
    workers: int = 1
    shards: int = 1
    addresses: int = 4
    resolvers: int = 1
    servers: int = 4


@dataclass(frozen=True, slots=True)
class Hour:
    """What one vantage needs for one proof of everything."""

    seconds: float
    cpu_hours: float
    queries: float
    most_per_address: float
    skew: float


@cache
def simulate(case: Case, constants: Constants, seed: int = 1) -> Hour:
    """Zones of uneven size, divided by the verifier's own hash, handed to workers in turn; each address has one window for all of them."""
    from linkproof.shards.partition import Shard

    dice = random.Random(seed)
    zones = _zones(case.links, dice)
    shards = [Shard(number, case.shards) for number in range(1, case.shards + 1)]
    sizes = [0] * case.shards
    at_address: Counter[int] = Counter()
    for number, links in enumerate(zones):
        name = f"customer{number}.example."
        index = _index(name, shards)
        sizes[index] += links
        for address in dice.sample(range(case.addresses), min(case.servers, case.addresses)):
            at_address[address] += links
    # a worker is busy with its CPU, and waits where an address has all the questions that it may have at once
    rate = WINDOW / ROUND_TRIP_SECONDS
    seconds_of = [size * constants.cpu_milliseconds_per_link / 1000 + constants.start_cpu_seconds for size in sizes]
    free = [0.0] * case.workers
    for seconds in sorted(seconds_of, reverse=True):
        heapq.heappush(free, heapq.heappop(free) + seconds)
    most = max(at_address.values()) * constants.queries_per_link_and_server
    queries = case.links * constants.queries(case.servers, case.resolvers)
    return Hour(
        seconds=max([*free, most / rate]),
        cpu_hours=sum(seconds_of) / HOUR,
        queries=queries,
        most_per_address=most,
        skew=max(sizes) / (case.links / case.shards),
    )


def _index(name: str, shards: list[Any]) -> int:
    """The shard that has the zone; the verifier's own choice, found without asking each of them."""
    import hashlib

    index = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big") % len(shards)
    assert shards[index].has(name)
    return index


def _zones(links: int, dice: random.Random) -> list[int]:
    """How many links each customer's zone has."""
    left, found = links, []
    while left:
        found.append(min(left, MOST_PER_ZONE, int(dice.paretovariate(ZONE_EXPONENT))))
        left -= found[-1]
    return found


# the limits of those who change something -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Limit:
    """What a vendor lets one account do. `source`: where it is said."""

    vendor: str
    what: str
    per_second: float
    calls_per_link: int
    source: str

    def hours(self, links: int) -> float:
        return links * self.calls_per_link / self.per_second / HOUR


LIMITS = (
    Limit(
        "Cloudflare",
        "one refresh, a call for each record",
        4.0,
        1,
        "1,200 requests in 5 minutes for a user, all tokens together",
    ),
    Limit(
        "Route 53", "one refresh, a call for each record", 10.0, 1, "10 requests a second for an account, 50 at once"
    ),
    Limit(
        "SES", "one refresh, a call for each identity", 1.0, 1, "1 request a second for an account, of all but sending"
    ),
)


def tables() -> Iterator[str]:
    """Of docs/scale.md."""
    from linkproof.edges.cloudfront import facts

    constants = Constants.load()
    kept = json.loads(CONSTANTS.read_text())
    yield (
        f"One link from one vantage, at 4 servers and 1 resolver: **{constants.cpu_milliseconds_per_link:.2f} ms of CPU, {constants.queries(4, 1):.1f} questions of DNS** "
        f"({constants.queries_per_link_and_server:.1f} to each server of its zone), one connection for each scheme. Each hour of a day: "
        f"{constants.cpu_milliseconds_per_link * 24 / 1000:.2f} s of CPU, {constants.queries(4, 1) * 24:,.0f} questions. Measured {kept['measured_at']} at a load average "
        f"of {kept['load_average']} on two cores, over {kept['links'][0]:,} and {kept['links'][1]:,} links; a process starts in {constants.start_cpu_seconds:.1f} s of CPU. "
        "A run of a few hundred links asks each server more often, to see whether its answers change."
    )
    yield ""
    yield "| links | vantages | cores at each | shards | one proof takes | largest shard | CPU-hours, one proof | CPU-hours a day, hourly | queries, one proof | at the busiest address, spread over the hour | at once |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for case in CASES:
        hour = simulate(case, constants)
        every = hour.cpu_hours * case.vantages
        yield (
            f"| {case.links:,} | {case.vantages} | {case.workers} | {case.shards} | {hour.seconds:,.0f} s | {hour.skew:.2f}× the mean | {every:.3g} | "
            f"{every * 24:.3g} | {hour.queries * case.vantages:,.0f} | {hour.most_per_address * case.vantages / HOUR:,.1f}/s | {hour.most_per_address * case.vantages / hour.seconds:,.0f}/s |"
        )
    yield ""
    yield "| vendor | what | limit | 10,000 links | 100,000 links | 1,000,000 links |"
    yield "|---|---|---|---|---|---|"
    for limit in LIMITS:
        hours = " | ".join(f"{limit.hours(links):,.1f} h" for links in SIZES)
        yield f"| {limit.vendor} | {limit.what} | {limit.source} | {hours} |"
    yield ""
    yield "| accounts needed, one for each | holds | 10,000 links | 100,000 links | 1,000,000 links |"
    yield "|---|---|---|---|---|"
    for what, most in (
        ("CloudFront distribution for each link", facts.MOST_DISTRIBUTIONS),
        ("CloudFront tenant for each link", facts.MOST_TENANTS),
        ("ACM certificate for each link, in one region", facts.MOST_CERTIFICATES),
    ):
        yield f"| {what} | {most:,} | {' | '.join(f'{-(-links // most):,}' for links in SIZES)} |"


SIZES = (10_000, 100_000, 1_000_000)
CASES = (
    Case(10_000, workers=1, shards=1, addresses=4),
    Case(100_000, workers=2, shards=8, addresses=16),
    Case(100_000, workers=8, shards=32, addresses=16),
    Case(1_000_000, workers=8, shards=64, addresses=64),
    Case(1_000_000, workers=32, shards=256, addresses=64),
)


# measuring ----------------------------------------------------------------------------------------------------------------
def measure(links: int) -> dict[str, Any]:
    """Small internets that differ in one thing each, each at two sizes, so that what does not grow with the links drops out."""
    few = links // 4
    by = {line["what"]: line for line in lines_from_inside("bench.scale", str(links), str(few))}

    def slope(shape: str, key: str) -> float:
        return float((by[f"{shape} {links}"][key] - by[f"{shape} {few}"][key]) / (links - few))

    full, fewer, none = (slope(shape, "queries") for shape in ("4/1", "2/1", "4/0"))
    per_link = slope("4/1", "cpu_seconds")
    per_server, per_resolver = (full - fewer) / 2, full - none
    return {
        "cpu_milliseconds_per_link": round(per_link * 1000, 2),
        "start_cpu_seconds": round(by[f"4/1 {few}"]["cpu_seconds"] - few * per_link, 2),
        "queries_per_link_and_server": round(per_server, 2),
        "queries_per_link_and_resolver": round(per_resolver, 2),
        "queries_per_link_elsewhere": round(full - 4 * per_server - per_resolver, 2),
        "links": [few, links],
        "load_average": round(os.getloadavg()[0], 1),
        "measured_at": f"{datetime.now(UTC):%Y-%m-%d}",
        "command": COMMAND + " --measure",
    }


def inside(links: str, few: str) -> None:
    for servers, resolvers in ((4, 1), (2, 1), (4, 0)):
        for count in (int(links), int(few)):
            shape = plan.Shape(count, servers=servers)
            with tempfile.TemporaryDirectory() as work, world(Path(work), shape) as internet:
                done = run(internet.verify_command(internet.expectations(), with_resolvers=bool(resolvers)))
                asked = done.document()["timing"]["dns_queries"]
                tell(what=f"{servers}/{resolvers} {count}", queries=asked, cpu_seconds=done.cpu_seconds)


def rows() -> list[Row]:
    """For `make bench`: the largest case that one stack holds."""
    case = CASES[1]
    hour = simulate(case, Constants.load())
    cores, every = case.workers * case.vantages, hour.cpu_hours * case.vantages
    shown = (
        f"{hour.seconds:,.0f} s on {cores} cores, {every:.2g} CPU-hours, {hour.queries * case.vantages:,.0f} questions"
    )
    what = f"{case.links:,} links proven from {case.vantages} vantages, simulated by the measured constants"
    return [Row(what, shown, "≤ 3,600 s", hour.seconds <= HOUR, COMMAND)]


def write(page: Path) -> None:
    """Put the tables into the page, between the lines that name this program."""
    before, _, rest = page.read_text().partition(f"{BEGIN}\n")
    _, _, after = rest.partition(f"{END}\n")
    page.write_text("".join([before, f"{BEGIN}\n", *(f"{line}\n" for line in tables()), f"{END}\n", after]))


def main() -> None:
    try:
        if INSIDE in sys.argv:
            inside(*sys.argv[-2:])
        elif "--measure" in sys.argv:
            links = int(sys.argv[-1]) if sys.argv[-1].isdigit() else LINKS
            CONSTANTS.write_text(json.dumps(measure(links), indent=1) + "\n")
        elif "--write" in sys.argv:
            write(PAGE)
        else:
            print(*tables(), sep="\n")
    except CannotMeasureError as error:
        sys.exit(f"not measured: {error}")


if __name__ == "__main__":
    main()
