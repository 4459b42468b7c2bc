"""What importing the used parts of pulumi_cloudflare costs beside importing all of it: CPU seconds, pairs in one run.

Usage: python -m bench.sdk_import [PAIRS]
"""

from __future__ import annotations

import os
import subprocess
import sys
from statistics import median

WHOLE = "import pulumi_cloudflare"
PARTS = "import linkproof.in_parts as p; p.import_in_parts('pulumi_cloudflare'); import pulumi_cloudflare.dns_record, pulumi_cloudflare.ruleset"


def cpu_seconds(program: str) -> float:
    before = os.times()
    subprocess.run([sys.executable, "-c", program], check=True, timeout=300)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    cpu_seconds(WHOLE)  # byte code is there from now on
    measured = [(cpu_seconds(WHOLE), cpu_seconds(PARTS)) for _ in range(pairs)]
    whole, parts = (median(column) for column in zip(*measured, strict=True))
    print(
        f"whole {whole:.2f} s, in parts {parts:.2f} s of CPU: {median(b / a for a, b in measured):.2f}x ({pairs} pairs)"
    )


if __name__ == "__main__":
    main()
