"""Whether an answer came out of a cache, by every mark that the edges of the guides write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkproof.verify.judge.subject import Violation

if TYPE_CHECKING:
    from linkproof.verify.marks import Answers
    from linkproof.verify.observations.edge import HttpObservation

# CloudFront, Fastly, Azure, KeyCDN, Akamai and squid write the first; nginx configurations the next two; then Cloudflare, bunny and others.
_STATUS_HEADERS = (
    "x-cache",
    "x-cache-status",
    "x-proxy-cache",
    "cf-cache-status",
    "x-cache-remote",
    "x-nginx-cache",
    "x-nginx-cache-status",
    "x-edge-cache",
    "cdn-cache",
    "cdn-cache-status",
    "x-litespeed-cache",
)
# `Hit from cloudfront`, `RefreshHit`, `OriginShieldHit`, `TCP_HIT`, `TCP_REMOTE_HIT`, `HIT-STALE`; `hit-for-pass` of Varnish is none.
_HIT = re.compile(r"(?:[a-z]+[_-])*(?:refresh|originshield)?hit(?:[_-](?!for)[a-z]+)*")
_KEPT = frozenset({"stale", "revalidated", "updating"})
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def judge_cached(seen: HttpObservation, sender: Answers, edge: Answers | None = None) -> Violation | None:
    """A probe that nobody asked before cannot be in a cache, unless the cache serves one answer for all.

    A sender may ask for a short one, so that scanners that ask twice count once. An edge may keep errors of the origin for some
    seconds unless it is told not to: those are said apart, for no recipient gets another's redirect from there.

    Args:
        seen: the answer.
        sender: the sender's marks.
        edge: the declared edge's marks.
    """
    expected = "an answer from the origin"
    age, errors = _age(seen), edge.kept_errors if edge is not None else None
    if errors is not None and age is not None and age <= errors.seconds and errors.match.matches(seen):
        return Violation("http.errors-cached", expected, f"HTTP {seen.status} with Age: {age}")
    shown = shown_hit(seen)
    is_wanted = age is not None and age <= sender.cache_seconds > 0
    if not shown or is_wanted:
        return None
    return Violation("http.cached", expected, shown)


def shown_hit(seen: HttpObservation) -> str:
    """The header that shows it; empty where none does."""
    age = _age(seen)
    if age is not None and age > 0:
        return f"Age: {age}"
    for name in _STATUS_HEADERS:
        value = seen.header(name)
        if value and any(_is_hit(word) for item in value.split(",") for word in item.split()[:1]):
            return f"{name}: {value[:100]}"
    if seen.has_header("cache-status") and _is_hit_by_rfc_9211(seen.header("cache-status")):
        return f"cache-status: {seen.header('cache-status')[:100]}"
    hits = seen.header("x-cache-hits")
    if any(item.strip().isdecimal() and int(item.strip()[:9]) > 0 for item in hits.split(",")):
        return f"x-cache-hits: {hits[:100]}"
    # Varnish names the request that put the answer there beside this one
    if len(seen.header("x-varnish").split()) == 2 and seen.header("x-varnish").replace(" ", "").isdecimal():
        return f"x-varnish: {seen.header('x-varnish')[:100]}"
    return ""


def _is_hit(word: str) -> bool:
    word = word.strip(";").lower()
    return word in _KEPT or _HIT.fullmatch(word) is not None


def _is_hit_by_rfc_9211(value: str) -> bool:
    """A list of caches, each with parameters; `hit` is the one that counts. Some write a bare `HIT`."""
    for member in _QUOTED.sub('""', value).split(","):
        name, *parameters = (part.strip().lower() for part in member.split(";"))
        if any(item in {"hit", "hit=?1"} for item in parameters) or (not parameters and _is_hit(name)):
            return True
    return False


def _age(seen: HttpObservation) -> int | None:
    """Seconds; of two values the first, as RFC 9111 §5.1 says."""
    value = seen.header("age").partition(",")[0].strip()
    return int(value[:9]) if value.isascii() and value.isdigit() else None
