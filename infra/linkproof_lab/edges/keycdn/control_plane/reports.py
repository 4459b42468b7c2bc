"""`/reports/statestats.json`: how many requests came to a zone, by the hour.

www.keycdn.com/api, "Status Statistics": numbers are texts there, as KeyCDN's own libraries and others' read them. The names of the two that count 3xx and
5xx are not known; here they are `total3xx` and `total5xx`. An hour in which nothing came has no row.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linkproof_lab.edges.keycdn.control_plane.zones import ZONE, KeyCdnError
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.web.counted_log import CountedLog

_SECONDS = {"hour": 3600, "day": 86_400}
_BY_STATUS = {2: "totalsuccess", 3: "total3xx", 4: "totalerror", 5: "total5xx"}
_NAMES = ("totalcachehit", "totalcachemiss", *_BY_STATUS.values())


def request_log(settings: LabSettings) -> Path:
    """Of the edge: `time`, `zone`, `status`, `is_hit`."""
    return settings.state_dir / "keycdn-requests.jsonl"


class Reports:
    """Of one account: all that a lab has."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._log, self._store = CountedLog(request_log(settings)), store

    def answer(self, report: str, query: Mapping[str, str]) -> dict[str, Any]:
        """What `data` of the answer has.

        Raises:
            KeyCdnError: it refuses.
        """
        zone = query.get("zone_id", "")
        if report != "statestats":
            raise KeyCdnError(404, "Not found.")
        if self._store.get(ZONE, zone) is None:
            raise KeyCdnError(404, "Zone not found.")
        seconds = _SECONDS.get(query.get("interval", "day"))
        if seconds is None or not all(query.get(name, "").isdecimal() for name in ("start", "end")):
            raise KeyCdnError(400, "start, end and interval are not valid.")
        return {"stats": self._rows(zone, int(query["start"]), min(float(query["end"]), time.time()), seconds)}

    def _rows(self, zone: str, start: float, end: float, seconds: int) -> list[dict[str, str]]:
        hours: dict[int, Counter[str]] = {}
        for line in self._log.lines(start, end):
            if line["zone"] == zone:
                counts = hours.setdefault(int(line["time"] // seconds * seconds), Counter())
                counts["totalcachehit" if line["is_hit"] else "totalcachemiss"] += 1
                counts[_BY_STATUS[line["status"] // 100]] += 1
        return [
            {**{name: str(counts[name]) for name in _NAMES}, "timestamp": str(hour)}
            for hour, counts in sorted(hours.items())
        ]
