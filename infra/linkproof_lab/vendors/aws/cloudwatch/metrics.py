"""Metrics: a name, a set of dimensions, and its data points. Each combination of dimensions is a metric of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from linkproof_lab.store import Store

KIND = "cloudwatch-metric"
_MOST_POINTS = 1000


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of one account and region.

    Args:
        points: time in seconds since the epoch, and value.
    """

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    points: tuple[tuple[float, float], ...] = ()

    def key(self, account: str, region: str) -> str:
        return json.dumps([account, region, self.namespace, self.name, sorted(self.dimensions.items())])


def add_point(store: Store, account: str, region: str, metric: Metric, value: float) -> None:
    """One more value, now; the oldest go when there are too many."""
    key = metric.key(account, region)
    points = [*(store.get(KIND, key) or {"points": []})["points"], [time.time(), value]][-_MOST_POINTS:]
    doc = {"namespace": metric.namespace, "name": metric.name, "dimensions": dict(metric.dimensions), "points": points}
    store.put(KIND, key, doc)


def metrics(store: Store, account: str, region: str) -> Iterator[Metric]:
    for key, doc in store.all(KIND):
        if json.loads(key)[:2] == [account, region]:
            points = tuple((at, value) for at, value in doc["points"])
            yield Metric(doc["namespace"], doc["name"], doc["dimensions"], points)
