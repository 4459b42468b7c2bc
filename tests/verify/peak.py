"""`python -m tests.verify.peak EXPECTATIONS HINTS DNS_PORT HTTP_PORT HTTPS_PORT CA RESOLVER`: the peak of what one verification allocates, as JSON.

A process of its own: the servers of a test are not counted with it.
"""

from __future__ import annotations

import json
import sys
import tracemalloc
from dataclasses import asdict
from pathlib import Path

from linkproof.expectations.model import load
from linkproof.shards.run import verify_part
from linkproof.verify.options import ResolverAddress, VerifyOptions
from linkproof.verify.survey import names, survey


def measured(file: Path, options: VerifyOptions) -> dict[str, object]:
    # few at a time, so that what is kept shows and not what is under way
    names._RECORDS_TOGETHER, names._GROUPS_AT_A_TIME = 5, 2
    survey._ENDPOINTS_TOGETHER, survey._GROUPS_ASKING, survey._GROUPS_AT_A_TIME = 5, 2, 2
    verify_part(load(file), options)  # what is loaded once
    tracemalloc.start()
    wanted = load(file)
    tracemalloc.reset_peak()
    result = verify_part(wanted, options)
    peak = tracemalloc.get_traced_memory()[1]
    return {"peak": peak, "verdict": result.verdict, **asdict(result.coverage)}


if __name__ == "__main__":
    expectations, hints, dns_port, http_port, https_port, ca, resolver = sys.argv[1:]
    given = VerifyOptions(
        hints=Path(hints),
        dns_port=int(dns_port),
        http_port=int(http_port),
        https_port=int(https_port),
        ca=Path(ca),
        resolvers=(ResolverAddress.parse(resolver),),
        timeout_seconds=30.0,
        with_answers=False,
    )
    sys.stdout.write(json.dumps(measured(Path(expectations), given)))
