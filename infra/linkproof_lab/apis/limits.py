"""Rate limits as the vendors count them: so many requests in any window of so many seconds, per caller."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable

from linkproof_lab.store import Store


class RateLimit:
    """One vendor's limit. A document `rate-limit`/<vendor> `{"requests": n, "per_seconds": n}` overrides the default.

    Args:
        default: requests and seconds, or None where nothing is counted unless the document says so.
    """

    def __init__(
        self, store: Store, vendor: str, default: tuple[int, float] | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._vendor = vendor
        self._default = default
        self._clock = clock
        self._seen: defaultdict[str, deque[float]] = defaultdict(deque)

    def retry_after_seconds(self, caller: str) -> float | None:
        """Count one request: None when it may pass, otherwise how long the caller must wait. Refusals do not count."""
        limit = self._limit()
        if limit is None:
            return None
        requests, per_seconds = limit
        now, seen = self._clock(), self._seen[caller]
        while seen and seen[0] <= now - per_seconds:
            seen.popleft()
        if len(seen) >= requests:
            return seen[0] + per_seconds - now if seen else per_seconds
        seen.append(now)
        return None

    def _limit(self) -> tuple[int, float] | None:
        doc = self._store.get("rate-limit", self._vendor)
        return (int(doc["requests"]), float(doc["per_seconds"])) if doc else self._default
