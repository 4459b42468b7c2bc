"""`monitoring.googleapis.com`: `projects.timeSeries.list` of one metric, the requests that came to load balancers.

docs.cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list. Points are aligned to the end of what is asked about, the newest first; where
nothing came there is no point. Filter and aggregation are those of a count by backend service: others are refused. The document `gcp-monitoring`/`answers`
changes what is answered: `{"points": N}` on each page, `{"errors": [TEXT…]}` as `executionErrors`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.gcp.control_plane.contract import Document, GcpCall, GcpError, not_found
from linkproof_lab.web.counted_log import CountedLog

KIND, ANSWERS = "gcp-monitoring", "answers"
_METRIC = "loadbalancing.googleapis.com/https/request_count"
_FILTER = re.compile(
    rf'metric\.type = "{re.escape(_METRIC)}" AND resource\.type = "https_lb_rule"'
    r' AND resource\.label\.url_map_name = "([^"]+)"'
)
_AGGREGATION = {
    "aggregation.perSeriesAligner": "ALIGN_SUM",
    "aggregation.crossSeriesReducer": "REDUCE_SUM",
    "aggregation.groupByFields": "resource.label.backend_target_name",
}
_MOST_POINTS = 100_000


def request_log(settings: LabSettings) -> Path:
    """Of the edge: `time`, `url_map` (its path), `backend`."""
    return settings.state_dir / "gcp-requests.jsonl"


class TimeSeries:
    """Of all projects."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._log, self._store = CountedLog(request_log(settings)), store

    def answer(self, call: GcpCall) -> Document:
        """Raises:
        GcpError: it is no such list.
        """
        if (call.method, list(call.path)) != ("GET", ["timeSeries"]):
            raise not_found("/".join(call.path))
        query, told = call.query, _FILTER.fullmatch(call.query.get("filter", ""))
        period = query.get("aggregation.alignmentPeriod", "").removesuffix("s")
        if (
            told is None
            or not period.isdecimal()
            or any(query.get(key) != value for key, value in _AGGREGATION.items())
        ):
            raise GcpError(400, "The lab counts requests of one URL map by backend service alone.")
        counts = self._counts(f"projects/{call.project}/global/urlMaps/{told[1]}", query, int(period))
        changed = self._store.get(KIND, ANSWERS) or {}
        first, most = int(query.get("pageToken") or 0), int(changed.get("points", _MOST_POINTS))
        shown = sorted(counts.items(), key=lambda one: (one[0][0], -one[0][1]))
        document: Document = {
            "timeSeries": _series(call.project, shown[first : first + most], int(period)),
            "unit": "1",
        }
        if first + most < len(shown):
            document["nextPageToken"] = str(first + most)
        if changed.get("errors"):
            document["executionErrors"] = [{"code": 14, "message": text} for text in changed["errors"]]
        return document

    def _counts(self, url_map: str, query: dict[str, str], period: int) -> Counter[tuple[str, int]]:
        """By backend service and end of a part."""
        start, end = (
            datetime.fromisoformat(query[name]).timestamp() for name in ("interval.startTime", "interval.endTime")
        )
        return Counter(
            (str(line["backend"]), int(end - (math.ceil((end - line["time"]) / period) - 1) * period))
            for line in self._log.lines(start, end)
            if line["url_map"] == url_map
        )


def _series(project: str, counts: list[tuple[tuple[str, int], int]], period: int) -> list[dict[str, Any]]:
    by_backend: dict[str, list[dict[str, Any]]] = {}
    for (backend, ends), requests in counts:
        interval = {"startTime": _text(ends - period), "endTime": _text(ends)}
        by_backend.setdefault(backend, []).append({"interval": interval, "value": {"int64Value": str(requests)}})
    return [
        {
            "metric": {"type": _METRIC},
            "resource": {"type": "https_lb_rule", "labels": {"project_id": project, "backend_target_name": backend}},
            "metricKind": "DELTA",
            "valueType": "INT64",
            "points": points,
        }
        for backend, points in by_backend.items()
    ]


def _text(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"
