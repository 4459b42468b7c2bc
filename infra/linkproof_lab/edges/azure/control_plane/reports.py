"""`…/profiles/<profile>/getLogAnalyticsMetrics`: how many requests came for domains of a profile, in parts of five minutes, an hour or a day.

learn.microsoft.com/rest/api/frontdoor/azurefrontdoorstandardpremium/log-analytics/get-log-analytics-metrics. As in its example, every part has a value, and
says when it ends. Here what came is in it at once, in the part under way as well; one metric is made, and nothing is grouped.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from linkproof_lab.edges.azure.control_plane.checks import bad_request
from linkproof_lab.edges.azure.control_plane.profiles import KIND
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.azure.control_plane.contract import AzureCall, Document, not_found
from linkproof_lab.web.counted_log import CountedLog

_SECONDS = {"PT5M": 300, "PT1H": 3600, "P1D": 86_400}
_METRIC = "clientRequestCount"
_NEEDED = ("metrics", "dateTimeBegin", "dateTimeEnd", "granularity", "customDomains", "protocols")


def request_log(settings: LabSettings) -> Path:
    """Of the edge: `time`, `profile`, `host`, `scheme`."""
    return settings.state_dir / "azure-requests.jsonl"


class Reports:
    """Of all profiles."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._log, self._store = CountedLog(request_log(settings)), store

    def answer(self, call: AzureCall) -> Document:
        """Raises:
        AzureError: there is no such profile, or the question is none.
        """
        profile = f"{call.root}/providers/Microsoft.Cdn/profiles/{call.path[1]}"
        if self._store.get(KIND, profile) is None:
            raise not_found(profile)
        asked: dict[str, list[str]] = {}
        for name, value in call.query:
            asked.setdefault(name, []).append(value)
        missing = [name for name in _NEEDED if not asked.get(name)]
        if missing or asked["metrics"] != [_METRIC] or asked["granularity"][0] not in _SECONDS:
            raise bad_request(
                f"The lab reports {_METRIC} alone; {', '.join(missing) or 'a value'} is missing or unknown."
            )
        begin, end = (datetime.fromisoformat(asked[name][0]) for name in ("dateTimeBegin", "dateTimeEnd"))
        data = self._data(profile, asked, begin.timestamp(), min(end.timestamp(), time.time()))
        return {
            "dateTimeBegin": begin.isoformat(),
            "dateTimeEnd": end.isoformat(),
            "granularity": asked["granularity"][0],
            "series": [{"metric": _METRIC, "unit": "count", "groups": [], "data": data}],
        }

    def _data(self, profile: str, asked: dict[str, list[str]], begin: float, end: float) -> list[dict[str, Any]]:
        seconds = _SECONDS[asked["granularity"][0]]
        came = Counter(
            int(line["time"] // seconds * seconds)
            for line in self._log.lines(begin, end)
            if line["profile"] == profile
            and line["host"] in asked["customDomains"]
            and line["scheme"] in asked["protocols"]
        )
        parts = range(int(begin // seconds * seconds), math.ceil(end / seconds) * seconds, seconds)
        return [{"dateTime": datetime.fromtimestamp(at + seconds, UTC).isoformat(), "value": came[at]} for at in parts]
