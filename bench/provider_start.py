"""What starting one of our providers costs beside starting it with the whole SDK: CPU seconds, pairs in one run.

Usage: python -m bench.provider_start [PAIRS]
"""

from __future__ import annotations

import sys
from statistics import median

from bench.sdk_import import cpu_seconds

START = "import linkproof.providers.protocol.server, linkproof.providers.linkproof.records"
WHOLE = f"import pulumi; {START}"


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    cpu_seconds(WHOLE)  # byte code is there from now on
    measured = [(cpu_seconds(WHOLE), cpu_seconds(START)) for _ in range(pairs)]
    whole, parts = (median(column) for column in zip(*measured, strict=True))
    print(
        f"whole {whole:.2f} s, in parts {parts:.2f} s of CPU: {median(b / a for a, b in measured):.2f}x ({pairs} pairs)"
    )


if __name__ == "__main__":
    main()
