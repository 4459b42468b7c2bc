"""The rate limit as the vendor shows it: so many requests in a refresh period, with three headers on every answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from linkproof_lab.store import Store

# The vendor publishes no numbers; the headers are all that a client may lean on.
_REQUESTS, _SECONDS = 600, 60.0


class Window:
    """A document `rate-limit`/`sendgrid` `{"requests": n, "per_seconds": n}` overrides the default.

    Args:
        clock: seconds since the epoch.
    """

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock
        self._used: dict[str, tuple[float, int]] = {}

    def count(self, caller: str) -> tuple[bool, dict[str, str]]:
        """Count one request: whether it may pass, and the headers of its answer. `X-RateLimit-Reset` is in epoch seconds."""
        said = self._store.get("rate-limit", "sendgrid") or {}
        most, seconds = int(said.get("requests", _REQUESTS)), float(said.get("per_seconds", _SECONDS))
        now = self._clock()
        begun, used = self._used.get(caller, (now, 0))
        if now >= begun + seconds:
            begun, used = now, 0
        passes = used < most
        self._used[caller] = (begun, used + passes)
        headers = {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(0, most - used - passes)),
            "X-RateLimit-Reset": str(int(begun + seconds) + 1),
        }
        return passes, headers
