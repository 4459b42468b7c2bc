"""The log of an edge from which CloudWatch has its metrics: one JSON object per line, only ever appended to.

Beside the store, whose every change would have all servers of the lab read it again.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from linkproof_lab.settings import LabSettings
from linkproof_lab.vendors.aws.cloudwatch.metrics import Metric

NAMESPACE, NAME = "AWS/CloudFront", "Requests"
# CloudFront's metrics are of no region, and kept in this one.
REGION = "us-east-1"


def request_log(settings: LabSettings) -> Path:
    return settings.state_dir / "cloudfront-requests.jsonl"


class RequestLog:
    """Written by the edge, one line a request: `time`, `account`, `distribution`."""

    def __init__(self, settings: LabSettings) -> None:
        self._file = request_log(settings)

    def record(self, account: str, distribution: str) -> None:
        line = {"time": time.time(), "account": account, "distribution": distribution}
        # One write to a file opened for appending: lines stay whole even if the lab is killed between them.
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, (json.dumps(line) + "\n").encode())
        finally:
            os.close(descriptor)


def request_metrics(settings: LabSettings, account: str, region: str) -> Iterator[Metric]:
    """`Requests` of each distribution of the account to which any came; each is worth 1. Where none came there is no value, not a zero."""
    file = request_log(settings)
    if region != REGION or not file.exists():
        return
    points: dict[str, list[tuple[float, float]]] = {}
    for text in file.read_text(encoding="utf-8").splitlines():
        line: dict[str, Any] = json.loads(text)
        if line["account"] == account:
            points.setdefault(line["distribution"], []).append((float(line["time"]), 1.0))
    for distribution, came in points.items():
        yield Metric(NAMESPACE, NAME, {"DistributionId": distribution, "Region": "Global"}, tuple(came))
