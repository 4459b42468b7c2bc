"""A bounded store of origin answers, and how long an answer may stay in it."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from linkproof_lab.web.origin import OriginAnswer

CacheKey = tuple[object, ...]
_MOST_ENTRIES = 2000
_DIRECTIVE = re.compile(r"([a-z-]+)(?:\s*=\s*\"?([^\",;\s]*)\"?)?")


@dataclass(frozen=True, slots=True)
class CacheRule:
    """Whether and how one exchange is cached.

    Args:
        key: requests with equal keys share an answer.
        seconds_for: how long this answer may be kept; 0 for not at all.
    """

    key: CacheKey
    seconds_for: Callable[[OriginAnswer], float]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that came out of the cache."""

    answer: OriginAnswer
    age_seconds: int


class AnswerCache:
    """The least recently used entry goes first when it is full."""

    def __init__(self) -> None:
        self._entries: OrderedDict[CacheKey, tuple[OriginAnswer, float, float]] = OrderedDict()

    def get(self, key: CacheKey, now: float) -> Kept | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        answer, stored_at, until = entry
        if now >= until:
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return Kept(answer, int(now - stored_at))

    def put(self, rule: CacheRule, answer: OriginAnswer, now: float) -> None:
        seconds = rule.seconds_for(answer)
        if seconds <= 0:
            return
        self._entries[rule.key] = (answer, now, now + seconds)
        self._entries.move_to_end(rule.key)
        while len(self._entries) > _MOST_ENTRIES:
            self._entries.popitem(last=False)


def directives(answer: OriginAnswer) -> dict[str, str]:
    """Cache-Control as a mapping; a directive without a value has an empty one."""
    return dict(_DIRECTIVE.findall((answer.header("cache-control") or "").lower()))


def stated_lifetime(answer: OriginAnswer) -> float | None:
    """What the origin itself says a shared cache may do, in seconds; None if it says nothing (RFC 9111 §4.2.1)."""
    said = directives(answer)
    if {"no-store", "no-cache", "private"} & said.keys():
        return 0.0
    for name in ("s-maxage", "max-age"):
        if said.get(name, "").isdigit():
            return float(said[name])
    expires = answer.header("expires")
    if expires is None:
        return None
    try:
        ends = parsedate_to_datetime(expires)
    except ValueError:
        return 0.0  # "0" and other non-dates mean already expired (RFC 9111 §5.3)
    # A date with zone "-0000" is read without a zone, and means UTC (RFC 5322 §3.3).
    return max(0.0, (ends.replace(tzinfo=ends.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
