"""`/stats/service/{id}`: how many requests came to a service, by the minute, hour or day.

www.fastly.com/documentation/reference/api/metrics-stats/historical-stats, and the answers that go-fastly's fixtures (`fastly/fixtures/stats/`) have recorded:
`from` and `to` are moments, `data` is in order and has nothing for a time in which nothing came. Here a minute is there as soon as it has ended; the other
fields of a row are not made.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from linkproof_lab.edges.fastly.control_plane.contract import Answer, Call, FastlyError, not_found
from linkproof_lab.edges.fastly.control_plane.services import KIND
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
_MINUTES_KEPT_SECONDS = 35 * 86_400


def request_log(settings: LabSettings) -> Path:
    return settings.state_dir / "fastly-requests.jsonl"


class ServiceLog:
    """Written by the edge, one line a request. Beside the store, whose every change would have all servers of the lab read it again."""

    def __init__(self, settings: LabSettings) -> None:
        self._file = request_log(settings)

    def record(self, service: str) -> None:
        line = json.dumps({"time": time.time(), "service": service}) + "\n"
        # One write to a file opened for appending: lines stay whole even if the lab is killed between them.
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)


class Stats:
    """Of all accounts."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._file, self._store = request_log(settings), store

    def answer(self, call: Call) -> Answer:
        match call.method, list(call.path):
            case "GET", ["stats", "service", service]:
                return self._of_service(call, service)
        raise not_found(" ".join(call.path))

    def _of_service(self, call: Call, service: str) -> Answer:
        doc = self._store.get(KIND, service)
        if doc is None or doc["customer"] != call.customer:
            raise not_found(f"Service '{service}'")
        by = call.query.get("by", "day")
        if by not in _SECONDS:
            raise FastlyError(400, "Bad request", f"by must be one of {', '.join(_SECONDS)}")
        now, seconds = time.time(), _SECONDS[by]
        since, until = _moment(call.query, "from", now - 1800), min(_moment(call.query, "to", now), now)
        if by == "minute" and since < now - _MINUTES_KEPT_SECONDS:
            raise FastlyError(400, "Bad request", "minutely data is kept for 35 days")
        ended = now // seconds * seconds
        counts = Counter(int(at // seconds * seconds) for at in self._came(service) if since <= at < min(until, ended))
        rows = [{"service_id": service, "start_time": at, "requests": count} for at, count in sorted(counts.items())]
        meta = {"from": _text(since), "to": _text(until), "by": by, "region": "all"}
        return Answer(200, {"data": rows, "status": "success", "msg": None, "meta": meta})

    def _came(self, service: str) -> list[float]:
        if not self._file.exists():
            return []
        lines: list[dict[str, Any]] = [json.loads(text) for text in self._file.read_text().splitlines()]
        return [float(line["time"]) for line in lines if line["service"] == service]


def _moment(query: dict[str, str], name: str, default: float) -> float:
    """Seconds since 1970 alone: the texts that Fastly takes as well are not read here."""
    text = query.get(name, "")
    if text and not text.isdecimal():
        raise FastlyError(400, "Bad request", f"the lab reads {name} as seconds since 1970 alone")
    return float(text) if text else default


def _text(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S} UTC"
