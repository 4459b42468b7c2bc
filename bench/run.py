"""Every measurement, as the README's table."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import check_plan, preview, startup, verify_dev


def main() -> None:
    print("| what | measured | goal | met | command |\n|---|---|---|---|---|")
    for module in (startup, check_plan, verify_dev, preview):
        for row in module.rows():
            print(row, flush=True)


if __name__ == "__main__":
    main()
