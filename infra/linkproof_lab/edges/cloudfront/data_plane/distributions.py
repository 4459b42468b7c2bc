"""Finds the deployed distribution for a host, fast even with a thousand of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from linkproof_lab.edges.cloudfront.data_plane.config import Distribution
from linkproof_lab.store import Store
from linkproof_lab.web.watch import Generation, Watched

_log = logging.getLogger(__name__)
KIND = "cloudfront-distribution"
# While a deployment is under way, what is served changes with time alone.
_UNSETTLED_SECONDS = 0.1
_FAR_FUTURE_SECONDS = 10 * 365 * 86400.0

Served = Callable[[dict[str, Any], float], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class _Index:
    by_host: dict[str, Distribution]
    settled: bool
    read_at: float


class Distributions:
    """The distributions that are served now.

    Args:
        served: from a stored distribution and a time to what the edges serve then, or None.
    """

    def __init__(self, store: Store, generation: Generation, served: Served) -> None:
        self._documents = Watched(generation, lambda: [doc for _, doc in store.all(KIND)])
        self._served = served
        self._index: _Index | None = None
        self._indexed: list[dict[str, Any]] | None = None

    def for_host(self, host: str) -> Distribution | None:
        """By alias or own domain; an alias `*.example.com` stands for one label, and an exact one goes before it."""
        by_host = self._current().by_host
        return by_host.get(host) or by_host.get(f"*.{host.partition('.')[2]}")

    def _current(self) -> _Index:
        documents, now = self._documents.get(), time.time()
        index = self._index
        stale = index is None or (not index.settled and now - index.read_at >= _UNSETTLED_SECONDS)
        if index is None or stale or self._indexed is not documents:
            index = self._read(documents, now)
            self._index, self._indexed = index, documents
        return index

    def _read(self, documents: list[dict[str, Any]], now: float) -> _Index:
        by_host: dict[str, Distribution] = {}
        settled = True
        for doc in documents:
            served = self._served(doc, now)
            settled = settled and served == self._served(doc, now + _FAR_FUTURE_SECONDS)
            if served is None or not served["enabled"]:
                continue
            try:
                distribution = Distribution.from_served(served)
            except (KeyError, ValueError, TypeError):
                _log.exception("distribution %s is not served", served.get("id"))
                continue
            by_host.update(dict.fromkeys((distribution.domain, *distribution.aliases), distribution))
        return _Index(by_host, settled, now)
