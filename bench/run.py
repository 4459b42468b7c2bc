"""Every measurement, as the README's table; the JSON lines behind it go to standard error.

`bench/run.py NAME…` runs only those.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.internet.namespace import CannotMeasureError

# Those that need a network of their own come last: they need root (or user namespaces), most of them Debian's servers too.
PLAIN = ("startup", "check_plan", "verify_dev", "drift", "preview", "edge_kinds", "history", "switch", "scale")
WITH_SERVERS = (
    "deployment",
    "dns_rate",
    "dns_many",
    "links_far",
    "memory",
    "growth",
    "verify_cpu",
    "verify_jobs",
    "look",
    "cutover",
)


def main(names: list[str]) -> None:
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > cores / 2:
        print(f"load average {load:.1f} on {cores} cores already: times will mean little, ratios more", file=sys.stderr)
    print("| what | measured | goal | met | command |\n|---|---|---|---|---|")
    for name in names or [*PLAIN, *WITH_SERVERS]:
        try:
            for row in import_module(f"bench.{name}").rows():
                print(row, flush=True)
        except CannotMeasureError as error:
            print(
                f"| {name} | not measured: {str(error).splitlines()[0]} | | – | `.venv/bin/python -m bench.{name}` |",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
