"""`linkproof check` and `linkproof plan` of 1,000 links, together."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import yaml

from bench.declarations import many
from bench.measure import Row, median_seconds, quiet

COMMAND = ".venv/bin/python -m bench.check_plan"
LINKS = 1000


def rows() -> list[Row]:
    linkproof = str(Path(sys.executable).parent / "linkproof")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.yaml"
        file.write_text(yaml.safe_dump({"version": 1, **many(LINKS)}, sort_keys=False))
        check = median_seconds(quiet(linkproof, "check", str(file)), runs=5)
        plan = median_seconds(quiet(linkproof, "plan", str(file)), runs=5)
    both = check + plan
    return [
        Row("`check` and `plan` of 1,000 links", f"{check:.2f} s + {plan:.2f} s", "≤ 2 s together", both <= 2, COMMAND)
    ]


if __name__ == "__main__":
    print(*rows(), sep="\n")
