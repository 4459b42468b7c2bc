"""`/graphql`: how many requests came for a host of a zone, by the hour. One dataset, and of it what a count needs.

developers.cloudflare.com/analytics/graphql-api: an answer is `{"data", "errors"}` with status 200, also where it is refused. The lab reads no GraphQL: it knows
the one dataset by its name in the query, takes the filter from the variables, and gives the three members that the count, the sample and the hour are. The
document `cloudflare-analytics`/`sample` `{"interval": N}` makes it a sample.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.cloudflare.control_plane.tokens import ANALYTICS_READ, Token

SETTINGS_KIND, SAMPLE = "cloudflare-analytics", "sample"
_DATASET = "httpRequestsAdaptiveGroups"
_HOUR = 3600
_NEEDED = ("datetime_geq", "datetime_lt", "clientRequestHTTPHost")


def request_log(settings: LabSettings) -> Path:
    return settings.state_dir / "cloudflare-requests.jsonl"


class HostLog:
    """Written by the edge, one line a request for a host that it answers for. Beside the store, whose every change all servers read again."""

    def __init__(self, settings: LabSettings) -> None:
        self._file = request_log(settings)

    def record(self, host: str) -> None:
        line = json.dumps({"time": time.time(), "host": host}) + "\n"
        # One write to a file opened for appending: lines stay whole even if the lab is killed between them.
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)


class Analytics:
    """Of all zones."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._file, self._store = request_log(settings), store

    def answer(self, token: Token, body: dict[str, Any]) -> dict[str, Any]:
        """The document of one query."""
        variables = body.get("variables") or {}
        zone, asked = str(variables.get("zoneTag") or ""), variables.get("filter") or {}
        if _DATASET not in str(body.get("query")) or not all(name in asked for name in _NEEDED):
            return _refused(f"the lab answers {_DATASET} with the filter {', '.join(_NEEDED)} alone")
        if not token.may(ANALYTICS_READ, zone):
            return _refused(f"zone '{zone}' does not have access to the path", code="authz")
        held = self._store.zone(zone)
        if held is None or held.host != "cloudflare":
            return {"data": {"viewer": {"zones": []}}, "errors": None}
        rows = self._rows(held.name, asked)
        return {"data": {"viewer": {"zones": [{_DATASET: rows}]}}, "errors": None}

    def _rows(self, zone: str, asked: dict[str, str]) -> list[dict[str, Any]]:
        host = asked["clientRequestHTTPHost"]
        since, until = (datetime.fromisoformat(asked[name]).timestamp() for name in _NEEDED[:2])
        interval = (self._store.get(SETTINGS_KIND, SAMPLE) or {}).get("interval", 1)
        of_zone = host == zone or host.endswith(f".{zone}")
        hours = Counter(int(at // _HOUR * _HOUR) for at in self._came(host) if of_zone and since <= at < until)
        return [
            {
                "count": count * interval,
                "avg": {"sampleInterval": interval},
                "dimensions": {"datetimeHour": f"{datetime.fromtimestamp(hour, UTC):%Y-%m-%dT%H:%M:%SZ}"},
            }
            for hour, count in hours.items()
        ]

    def _came(self, host: str) -> list[float]:
        if not self._file.exists():
            return []
        lines: list[dict[str, Any]] = [json.loads(text) for text in self._file.read_text().splitlines()]
        return [float(line["time"]) for line in lines if line["host"] == host]


def _refused(message: str, code: str = "") -> dict[str, Any]:
    extensions = {"extensions": {"code": code}} if code else {}
    return {"data": None, "errors": [{"message": message, "path": None, **extensions}]}
