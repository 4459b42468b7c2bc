"""Every two edges that can change places do so under clicks, there and back; and what it costs to let the old one go at once.

`.venv/bin/python -m bench.switch [CLICKS]`: a table with a row for each direction, CLICKS led to the new edge in each, then one for all of them and one
for the control; below it what cannot be switched.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from linkproof_lab.edges.cloudflare.data_plane.hosts import LEFT_KIND, ONCE_PROXIED

from bench.measure import Row
from bench.switch_links import NOT_SWITCHED, addresses, declared, host, pairs, start
from tests.engine.clicks import Clicks
from tests.engine.sandbox import Sandbox, sandbox
from tests.engine.switching import Pair

COMMAND = ".venv/bin/python -m bench.switch"
CLICKS = 200
TIMEOUT_SECONDS = 1800  # for one command


def rows(least: int = CLICKS) -> Iterator[Row]:
    """Each as soon as it is measured."""
    wanted = pairs()
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder), TIMEOUT_SECONDS) as box:
        start(box, wanted)
        with box.control as control:
            control.put_document(LEFT_KIND, ONCE_PROXIED, {"answers": True})
        ways: list[Way] = []
        for moved in (True, False):
            ways += (found := _switched(box, wanted, least, moved=moved))
            yield from map(_row, found)
        yield _all(ways)
        yield _at_once(box, wanted)


@dataclass(frozen=True, slots=True)
class Way:
    """One direction of a pair, and what became of its clicks."""

    old: str
    new: str
    lost: int
    made: int


def _switched(box: Sandbox, wanted: list[Pair], least: int, *, moved: bool) -> list[Way]:
    """One deployment in which every pair changes places, while every host is clicked."""
    with Clicks(box, *map(host, wanted)) as clicks:
        clicks.more(10)
        box.declare("dev", declared(wanted, moved=moved))
        box.linkproof("guard", "dev")
        box.up("dev")
        clicks.more(least)  # by answers of before, as long as they live
        with box.control as control:
            control.flush_resolver()
        for pair in wanted:
            clicks.reach(host(pair), addresses(box, pair[1] if moved else pair[0]))
        clicks.more(least)
    ways = [(pair, *(pair if moved else pair[::-1])) for pair in wanted]
    return [Way(old, new, len(clicks.lost[host(pair)]), clicks.made[host(pair)]) for pair, old, new in ways]


def _row(way: Way) -> Row:
    what = f"{way.old} → {way.new}, clicks lost"
    return Row(what, f"{way.lost} of {way.made:,}", "0", way.lost == 0, COMMAND)


def _all(ways: list[Way]) -> Row:
    lost, made = sum(way.lost for way in ways), sum(way.made for way in ways)
    return Row(f"all {len(ways)} ways together, clicks lost", f"{lost} of {made:,}", "0", lost == 0, COMMAND)


def _at_once(box: Sandbox, wanted: list[Pair]) -> Row:
    """The control: the old edge of every pair goes in the deployment that moves the record, by force."""
    with Clicks(box, *map(host, wanted)) as clicks:
        clicks.more(10)
        box.declare("dev", declared(wanted, moved=True, standby=False))
        box.pulumi("state", "unprotect", "--all", "--yes", "--stack", "dev")
        box.up("dev")
        clicks.more(30)
    lost = sum(map(len, clicks.lost.values()))
    what = "the control: the old edge goes at once, clicks lost"
    return Row(what, f"{lost} of {sum(clicks.made.values()):,}", "some", lost > 0, COMMAND)


if __name__ == "__main__":
    for row in rows(int(sys.argv[1]) if len(sys.argv) > 1 else CLICKS):
        print(row, flush=True)
    for what, why in NOT_SWITCHED:
        print(f"not switched: {what}: {why}")
