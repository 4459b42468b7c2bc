"""Every two edges that the lab plays change places under clicks, there and back; and what it costs to let the old one go at once.

`.venv/bin/python -m bench.switch [CLICKS]`: a table with a row for each direction, CLICKS led to the new edge in each.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from linkproof_lab.edges.cloudflare.data_plane.hosts import LEFT_KIND, ONCE_PROXIED

from bench.measure import Row
from tests.engine.clicks import Clicks
from tests.engine.sandbox import Sandbox, sandbox
from tests.engine.switching import Pair, all_pairs, host_of, with_pairs

COMMAND = ".venv/bin/python -m bench.switch"
CLICKS = 200
TIMEOUT_SECONDS = 1800  # for one command


def rows(least: int = CLICKS) -> list[Row]:
    pairs = all_pairs()
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder), TIMEOUT_SECONDS) as box:
        box.stack("dev", with_pairs(pairs, moved=False))
        box.up("dev")
        with box.control as control:
            control.put_document(LEFT_KIND, ONCE_PROXIED, {"answers": True})
        found = [row for moved in (True, False) for row in _switched(box, pairs, least, moved=moved)]
        return [*found, _at_once(box, pairs)]


def _switched(box: Sandbox, pairs: list[Pair], least: int, *, moved: bool) -> list[Row]:
    """One deployment in which every pair changes places, while every host is clicked."""
    hosts = [host_of(pair) for pair in pairs]
    with Clicks(box, *hosts) as clicks:
        clicks.more(10)
        box.declare("dev", with_pairs(pairs, moved=moved))
        box.linkproof("guard", "dev")
        box.up("dev")
        clicks.more(least)  # by answers of before, as long as they live
        with box.control as control:
            control.flush_resolver()
        for pair in pairs:
            clicks.reach(host_of(pair), tuple(box.lab.edge_addresses(pair[1] if moved else pair[0])), least)
    return [_row(pair if moved else (pair[1], pair[0]), host_of(pair), clicks) for pair in pairs]


def _row(way: Pair, host: str, clicks: Clicks) -> Row:
    lost = len(clicks.lost[host])
    return Row(f"{way[0]} → {way[1]}, clicks lost", f"{lost} of {clicks.made[host]:,}", "0", lost == 0, COMMAND)


def _at_once(box: Sandbox, pairs: list[Pair]) -> Row:
    """The control: the old edge of every pair goes in the deployment that moves the record, by force."""
    hosts = [host_of(pair) for pair in pairs]
    with Clicks(box, *hosts) as clicks:
        clicks.more(10)
        box.declare("dev", with_pairs(pairs, moved=True, standby=False))
        box.pulumi("state", "unprotect", "--all", "--yes", "--stack", "dev")
        box.up("dev")
        clicks.more(30)
    lost = sum(map(len, clicks.lost.values()))
    what = "the control: the old edge goes at once, clicks lost"
    return Row(what, f"{lost} of {sum(clicks.made.values()):,}", "some", lost > 0, COMMAND)


if __name__ == "__main__":
    for row in rows(int(sys.argv[1]) if len(sys.argv) > 1 else CLICKS):
        print(row)
